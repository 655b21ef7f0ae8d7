/** How the page on an enterprise's facts is laid out, and why each fact matters: shown while it is unknown. */
import type { FactId } from '../../core/eligibility/facts.ts'

/** 名单 are named by the documents and the size is derived, so that neither is asked for here. */
export type ProfileFact = Exclude<FactId, 'size' | 'listings'>

interface FactGroup {
  id: string
  title: string
  facts: Partial<Record<ProfileFact, string>>
}

export const factGroups: readonly FactGroup[] = [
  {
    id: 'register',
    title: '登记信息',
    facts: {
      region: '决定适用哪一级、哪一地的政策；登记只到市时，县（市、区）要补充',
      subjectKind: '企业和个体工商户适用的政策不同',
      industry: '各行业的划型界限不同，也是行业政策的条件',
      ownership: '有的政策只给民营企业',
      registeredOn: '供政策按成立年限判断，填一次就够',
      park: '供园区政策判断；不在园区也是一种答案',
    },
  },
  {
    id: 'scale',
    title: '规模指标',
    facts: {
      employees: '划型要用，每年确认一次',
      revenue: '划型要用，每年确认一次',
      assets: '建筑业、房地产开发、租赁和商务服务业划型要用，每年确认一次',
    },
  },
  {
    id: 'business',
    title: '资质与业务',
    facts: {
      activities: '很多政策按业务给，如集贸市场、出租汽车、眼镜验配',
      qualifications: '有的政策给专精特新、高新技术等企业',
      hardship: '减收、缓收费用的政策以此为条件',
      epidemicAffected: '疫情期间出台的减免政策以此为条件',
      resumedWork: '疫情期间出台的减免政策以此为条件',
      fiscalHardship: '所在县的情况，给计量技术机构的政策以此为条件',
    },
  },
  {
    id: 'metrology',
    title: '计量与能源',
    facts: {
      instruments: '按器具种类和件数估算能减多少；没有器具也是一种答案',
      buildsTopStandard: '减免建标考核费用的政策以此为条件',
      traceable: '最高计量标准的减免政策以此为条件',
      externalCalibration: '有的减免政策不给对外检定校准的企业',
      hasTechnicalNeed: '技术难题揭榜、对接等服务以此为条件',
      energyTce: '能源计量的政策按能耗划线',
      keyEnergyUser: '能源计量审查前的指导针对重点用能单位',
      highEnergyUse: '能源计量帮扶以此为条件',
    },
  },
]
