import type { Knex } from 'knex'

/**
 * For the money checker: each receipt that was answered OK, with the digest of the document inside its request, worked out from
 * the bytes on the wire. The digest is null where SQL cannot find the document in them (UTF-16, CDATA, character references):
 * then only the key is compared.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create function base64_digest(text text) returns text language sql immutable as $$
  select case when text ~ '^[A-Za-z0-9+/]*={0,2}$' and length(text) % 4 = 0
    then encode(sha256(decode(text, 'base64')), 'hex') end
$$;

create view c_acknowledged as
  select id, concat_ws('|', domain, iuv, ccp) as key, at,
    base64_digest(translate(substring(convert_from(request, 'LATIN1')
      from '<(?:[A-Za-z_][\\w.-]*:)?rt(?:[ \\t\\r\\n][^>]*)?>([^<&]*)</'), E' \\t\\r\\n', '')) as sha256
  from journal where direction = 'in' and operation = 'paaInviaRT' and outcome = 'OK';

create index event_receipt_noted on event (id desc) where kind = 'receipt_noted';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
