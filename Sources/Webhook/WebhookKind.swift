/// One of the two webhooks: what the API server calls it for, and where.
package enum WebhookKind: String, CaseIterable, Sendable {
    case mutate
    case validate
}
