/**
 * The store on Redis 6.2 or newer, one's own (started and adopted by {@link org.portolan.store.redis.EmbeddedRedis}) or a
 * server that an address names. Of Jedis only the codec of Redis's protocol is used: a pool and a client object cost every
 * command a tenth of a second more, and the deadline here covers a whole call, on unix sockets too.
 *
 * <p>Layout; {@code <p>} is the prefix that every key begins with:
 *
 * <pre>
 * &lt;p&gt;:installation        text    the installation that the store belongs to
 * &lt;p&gt;:deployments         hash    name → state (JSON)
 * &lt;p&gt;:damaged             hash    name and time → an entry that could not be read, when it was replaced
 * &lt;p&gt;:probe               text    written and removed by a check of the server
 * &lt;p&gt;:standings           hash    subject/name → what the controller last observed of a source or deployment (JSON)
 * &lt;p&gt;:grants              hash    name → a token's hash or a public key, and what it is for (JSON)
 * &lt;p&gt;:positions           hash    reader → the id of the last event that it read
 * &lt;p&gt;:instructions        hash    kind/subject/name → what a person decided about a source or deployment (JSON)
 * &lt;p&gt;:asked               hash    digest of an idempotency key → revision and what was asked for (JSON); "since" → when that began
 * &lt;p&gt;:definitions:NAME    hash    service/version → definition (sealed)
 * &lt;p&gt;:generated           hash    deployment/name → the versions of a generated value (sealed)
 * &lt;p&gt;:releases:NAME       hash    number → release without domains and events (JSON)
 * &lt;p&gt;:domains:NAME        hash    number → the release's domains (sealed)
 * &lt;p&gt;:log:NAME            stream  the deployment's events, about the last 5,000
 * &lt;p&gt;:events              stream  everybody's events, about the last 10,000
 * &lt;p&gt;:audit               stream  events of access, about the last 10,000
 * &lt;p&gt;:lock:LOCK           text    token and owner of who holds the lock; expires after {@code Store.LEASE_TIME}
 * &lt;p&gt;:fence:LOCK          text    the newest token given out for the lock
 * &lt;p&gt;:queue:LOCK          text    ticket and owner of the last deploy that came for the lock; expires after a day
 * &lt;p&gt;:token               text    the newest token of all
 * &lt;p&gt;:done:ID             text    a change that was applied a moment ago, so that asking twice applies it once
 * </pre>
 *
 * <p>Sealed values are AES-256-GCM under the installation's key, bound to their place ({@link
 * org.portolan.store.redis.Encryptor}): the key, and for a hash a space and the field. Backups and moves take along every key but
 * those of locks, and seal again what is bound in this way. Following events needs no channel: readers block on the stream.
 */
@NullMarked
package org.portolan.store.redis;

import org.jspecify.annotations.NullMarked;
