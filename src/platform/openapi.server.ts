/** The OpenAPI 3.1 document, made from the operations; nothing in it is written by hand. */
import { z, type ZodType } from 'zod'
import { roles } from '../core/access.ts'
import type { Operation } from './api.server.ts'

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: '一句话：什么、为什么、依据哪一条、怎么办' },
    code: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, detail: { type: 'string' } } } },
    instance: { type: 'string' },
  },
}

const problems = {
  invalid: ['422', '填写有误'],
  forbidden: ['403', '无权办理'],
  conflict: ['409', '状态不允许'],
  missing: ['404', '没有，或不归您看'],
} as const

export const openApi = (operations: readonly Operation[], version: string) => ({
  openapi: '3.1.0',
  info: {
    title: '衡企 Hengqi API',
    version,
    license: { name: 'Apache-2.0' },
    description: '中小企业计量服务公共平台。页面、接口和命令行用的是同一套查询和命令。',
  },
  servers: [{ url: '/api/v1' }],
  tags: [...new Set(operations.map((op) => op.tag))].map((name) => ({ name })),
  components: {
    schemas: { Problem: problemSchema },
    securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'hengqi.session_token', description: '登录后的会话' } },
  },
  paths: Object.fromEntries(
    [...Map.groupBy(operations, (op) => op.path)].map(([path, list]) => [
      path,
      Object.fromEntries(list.map((op) => [op.method, describe(op)])),
    ]),
  ),
})

const describe = (op: Operation) => ({
  operationId: `${op.method}${op.path.replace(/[{}]/g, '').replace(/[/-](\w)/g, (_, c: string) => c.toUpperCase())}`,
  summary: op.summary,
  tags: [op.tag],
  ...(op.by === 'public'
    ? { security: [] }
    : { security: [{ session: [] }], 'x-roles': op.by, description: `办理人：${op.by.map((r) => roles[r]).join('、')}` }),
  parameters: [...pathParameters(op), ...queryParameters(op.query), ...(op.method === 'get' ? [] : [idempotencyKey])],
  ...(op.body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(op.body, 'input') } } } }),
  responses: {
    200: { description: '成功', content: { 'application/json': { schema: schemaOf(op.answer, 'output') } } },
    ...Object.fromEntries(
      refusalsOf(op).map(([status, description]) => [
        status,
        { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      ]),
    ),
  },
})

const refusalsOf = (op: Operation): (readonly [string, string])[] => {
  const kinds = new Set(op.refusals ?? [])
  if (op.params || op.query || op.body) kinds.add('invalid')
  if (op.by !== 'public') kinds.add('forbidden')
  return [...kinds].map((kind) => problems[kind])
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 },
  description: '同一键、同一请求体只生效一次，再次提交返回同一答复；请求体不同则 409',
}

const pathParameters = (op: Operation) => {
  const described = op.params ? (schemaOf(op.params, 'input') as { properties?: Record<string, object> }).properties : undefined
  return [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: described?.[name!] ?? { type: 'string' },
  }))
}

const queryParameters = (schema: ZodType | undefined) => {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, object>; required?: string[] }
  return Object.entries(properties).map(([name, s]) => ({ name, in: 'query', required: required.includes(name), schema: s }))
}

/** Amounts are bigint inside and integers outside. */
const schemaOf = (schema: ZodType, io: 'input' | 'output'): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer'
    },
  }) as Record<string, unknown>
  return rest
}
