/** Whether what was typed is safe, in words. */
import { Notice } from '../../../web/ui/feedback.tsx'
import type { Saving } from './use-saving.ts'

export function SaveState({ saving: { state, said, restored, offered, takeKept } }: { saving: Saving }) {
  return (
    <div role="status" aria-live="polite">
      {restored && (
        <Notice tone="warn" title="已恢复上次没有保存上的内容">
          上次离开时有内容没有送到服务器，已从本机找回并重新保存，请核对。
        </Notice>
      )}
      {offered && (
        <Notice tone="warn" title="本机还留有没有保存上的内容">
          这份记录后来在别处改过，所以没有自动恢复。
          <button type="button" className="button" onClick={takeKept}>
            用本机留下的内容
          </button>
        </Notice>
      )}
      {state === 'saved' && said && <p className="soft">已自动保存（{said}）</p>}
      {state === 'saving' && <p className="soft">正在保存……</p>}
      {state === 'offline' && <Notice tone="warn" title="没有保存上：网络不通，正在重试；您填的内容已留在本机" />}
      {state === 'stopped' && <Notice tone="bad" title={`没有保存上：${said}`} />}
    </div>
  )
}
