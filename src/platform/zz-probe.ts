import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
let t=performance.now(); const lap=(s:string)=>{console.log(s,Math.round(performance.now()-t));t=performance.now()}
const lite=new PGlite({extensions:{pg_trgm,btree_gist}}); await lite.waitReady; lap('open')
const pool=new pg.Pool({...createPgConfig(lite),max:1,idleTimeoutMillis:0} as any)
let n=0
const db={async executeSql(text:string,values?:unknown[]){n++;const c=await pool.connect();try{const r:any=await c.query(text,values as any);return Array.isArray(r)?{rows:r.flatMap(x=>x.rows??[])}:r}catch(e){await c.query('rollback').catch(()=>{});throw e}finally{c.release()}}}
const boss=new PgBoss({db,backend:'pglite',schema:'pgboss',supervise:true,schedule:true,registerInstance:false})
boss.on('error',e=>console.log('ERR',e)); boss.on('warning',e=>console.log('WARN',e))
await boss.start(); lap('boss start '+n)
await boss.createQueue('event',{retryLimit:8,retryDelay:5,retryBackoff:true}); lap('queue')
await pool.query(`insert into pgboss.job (name,data) values ('event','{"id":1}')`); lap('insert')
console.log((await pool.query(`select * from pgboss.job`)).rows)
let got=0; await boss.work('event',{pollingIntervalSeconds:0.5,batchSize:10},async jobs=>{got+=jobs.length; console.log('got',jobs.map(j=>j.data), Math.round(performance.now()-t))})
n=0; await new Promise(r=>setTimeout(r,5000)); console.log('queries in 5s',n,got)
const a=performance.now(); for(let i=0;i<500;i++) await pool.query(`insert into pgboss.job (name,data) values ('event',$1)`,[JSON.stringify({i})]); console.log('500 inserts',performance.now()-a)
await boss.stop({graceful:true}); lap('stop')
console.log((await pool.query(`select pg_get_functiondef('pgboss.create_queue'::regproc)`)).rows[0])
console.log((await pool.query(`select column_name,column_default from information_schema.columns where table_schema='pgboss' and table_name='job'`)).rows.map((r:any)=>r.column_name+'='+r.column_default).join('\n'))
