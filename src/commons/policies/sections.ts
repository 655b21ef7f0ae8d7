/** Parts of the editor; also the anchors on its page. */
export const sections = {
  basics: '基本信息',
  clauses: '条款',
  rule: '适用条件',
  benefits: '给什么',
  card: '政策卡片',
  interpretation: '解读',
} as const
export type Section = keyof typeof sections
