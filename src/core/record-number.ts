/** Numbers of records as people read and say them: applications, imports, send-outs, faults. */

/** The short form of a province in numbers that people read. */
const provinceMarks: Readonly<Record<string, string>> = {
  11: '京',
  12: '津',
  13: '冀',
  14: '晋',
  15: '蒙',
  21: '辽',
  22: '吉',
  23: '黑',
  31: '沪',
  32: '苏',
  33: '浙',
  34: '皖',
  35: '闽',
  36: '赣',
  37: '鲁',
  41: '豫',
  42: '鄂',
  43: '湘',
  44: '粤',
  45: '桂',
  46: '琼',
  50: '渝',
  51: '川',
  52: '贵',
  53: '云',
  54: '藏',
  61: '陕',
  62: '甘',
  63: '青',
  64: '宁',
  65: '新',
  71: '台',
  81: '港',
  82: '澳',
}

/** 33, 2026, 3 → `浙-2026-000003`; `n` is gap-free per province, kind and year (`nextNumber` of the platform). */
export const recordNumber = (province: string, year: number, n: number): string =>
  `${provinceMarks[province] ?? province}-${year}-${String(n).padStart(6, '0')}`
