/** Saves by itself: kept in the browser at once, on the server a moment after the last key, tried again until it is acknowledged. */
import { useEffect, useRef, useState, type FormEvent, type RefObject } from 'react'
import { useSubmit } from 'react-router'
import { fieldsOf } from '../entered.ts'
import type { Entered } from '../model.ts'

export interface Saving {
  version: number
  state: 'idle' | 'saving' | 'saved' | 'offline' | 'stopped'
  said: string
  restored: boolean
  /** Kept in the browser from before, but the record has moved on since: used only when a person says so. */
  offered: boolean
  takeKept: () => void
  touched: (entered: Entered) => void
  submit: (event: FormEvent<HTMLFormElement>) => void
}

interface SavingOptions {
  lineId: string
  version: number
  form: RefObject<HTMLFormElement | null>
  read: () => Entered
  onRestored: (entered: Entered) => void
}

const pause = 800
const retry = 4_000

const keep = {
  get(key: string): { version: number; entered: Entered } | undefined {
    try {
      return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
    } catch {
      return undefined
    }
  },
  // A full or forbidden store must not stop the saving on the server.
  set(key: string, kept: { version: number; entered: Entered }) {
    try {
      localStorage.setItem(key, JSON.stringify(kept))
    } catch {}
  },
  drop(key: string) {
    try {
      localStorage.removeItem(key)
    } catch {}
  },
}

export function useSaving({ lineId, version: loaded, form, read, onRestored }: SavingOptions): Saving {
  const key = `hengqi:record:${lineId}`
  const submitForm = useSubmit()
  const [shown, show] = useState<Pick<Saving, 'version' | 'state' | 'said' | 'restored' | 'offered'>>({
    version: loaded,
    state: 'idle',
    said: '',
    restored: false,
    offered: false,
  })
  const work = useRef({
    version: loaded,
    waiting: undefined as Entered | undefined,
    running: undefined as Promise<void> | undefined,
    timer: 0,
  })

  const run = async () => {
    const { current } = work
    while (current.waiting) {
      const entered = current.waiting
      current.waiting = undefined
      show((now) => ({ ...now, state: 'saving' }))
      const answer = await put(lineId, current.version, entered)
      if (answer.kind === 'saved') {
        current.version = answer.version
        if (current.waiting) keep.set(key, { version: answer.version, entered: current.waiting })
        else keep.drop(key)
        show((now) => ({ ...now, version: answer.version, state: 'saved', said: new Date().toLocaleTimeString('zh-CN') }))
      } else if (answer.kind === 'offline') {
        current.waiting ??= entered
        show((now) => ({ ...now, state: 'offline' }))
        later(retry)
        return
      } else return show((now) => ({ ...now, state: 'stopped', said: answer.reason }))
    }
  }
  const flush = async () => {
    const { current } = work
    window.clearTimeout(current.timer)
    while (current.running) await current.running
    current.running = run().finally(() => (current.running = undefined))
    await current.running
  }
  const later = (wait: number) => {
    window.clearTimeout(work.current.timer)
    work.current.timer = window.setTimeout(() => void flush(), wait)
  }
  const touched = (entered: Entered) => {
    work.current.waiting = entered
    keep.set(key, { version: work.current.version, entered })
    later(pause)
  }
  // The button's own save must carry the version that the last autosave came to.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { submitter } = event.nativeEvent as SubmitEvent
    const body = new FormData(form.current!, submitter)
    void (async () => {
      await flush()
      body.set('version', String(work.current.version))
      await submitForm(body, { method: 'post' })
    })()
  }

  useEffect(() => {
    work.current.version = loaded
    show((now) => ({ ...now, version: loaded }))
  }, [loaded])
  const takeKept = () => {
    const kept = keep.get(key)
    if (!kept || !form.current) return
    fill(form.current, kept.entered)
    onRestored(read())
    show((now) => ({ ...now, restored: true, offered: false }))
    touched(read())
  }
  useEffect(() => {
    const kept = keep.get(key)
    const { current } = work
    if (kept && same(kept.entered, read())) keep.drop(key)
    else if (kept?.version === loaded) takeKept()
    else if (kept) show((now) => ({ ...now, offered: true }))
    const online = () => later(0)
    window.addEventListener('online', online)
    return () => {
      window.removeEventListener('online', online)
      window.clearTimeout(current.timer)
    }
    // Once, when the page opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  return { ...shown, takeKept, touched, submit }
}

function fill(form: HTMLFormElement, entered: Entered): void {
  const fields = fieldsOf(entered)
  for (const element of form.elements)
    if (element instanceof HTMLInputElement && element.name === 'verified') element.checked = entered.verified
    else if ((element instanceof HTMLInputElement || element instanceof HTMLSelectElement) && element.name in fields)
      element.value = fields[element.name]!
}

type Answer = { kind: 'saved'; version: number } | { kind: 'offline' } | { kind: 'stopped'; reason: string }

async function put(lineId: string, version: number, entered: Entered): Promise<Answer> {
  try {
    const response = await fetch(`/api/v1/order-lines/${lineId}/record`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version, entered }),
    })
    if (response.status >= 500) return { kind: 'offline' }
    const body = (await response.json()) as { version?: number; detail?: string; title?: string }
    if (response.ok && body.version !== undefined) return { kind: 'saved', version: body.version }
    if (response.status === 409) return (await alreadyThere(lineId, entered)) ?? { kind: 'stopped', reason: body.detail ?? '' }
    return { kind: 'stopped', reason: body.detail ?? body.title ?? '请重新打开这一页' }
  } catch {
    return { kind: 'offline' }
  }
}

/** The answer of an earlier try was lost on the way, but what it carried arrived. */
async function alreadyThere(lineId: string, entered: Entered): Promise<Answer | undefined> {
  const response = await fetch(`/api/v1/order-lines/${lineId}/record`)
  if (!response.ok) return undefined
  const there = (await response.json()) as { version: number; entered: Entered }
  return same(there.entered, entered) ? { kind: 'saved', version: there.version } : undefined
}

const same = (a: Entered, b: Entered): boolean => {
  const text = (each: Entered) => JSON.stringify([each.verified, Object.entries(fieldsOf(each)).toSorted(([x], [y]) => (x < y ? -1 : 1))])
  return text(a) === text(b)
}
