package import HTTP

/// Where each request goes.
package enum Routes {
    /// The handler of the port that the API server calls.
    package static func webhook(_ admission: Admission) -> Handler {
        { request, response in
            if request.has("/validate", at: request.path) {
                admission.answer(request, &response, webhook: .validate)
            } else if request.has("/mutate", at: request.path) {
                admission.answer(request, &response, webhook: .mutate)
            } else {
                response.refuse(Refusal(.notFound, "there is /validate and /mutate here"))
            }
        }
    }

    /// The handler of the port for probes and Prometheus.
    package static func operations(_ health: Health, metrics: @escaping @Sendable () -> [UInt8]) -> Handler {
        { request, response in
            guard request.method == .get || request.method == .head else {
                response.refuse(Refusal(.methodNotAllowed, "only GET and HEAD are answered here"))
                response.allow = "GET, HEAD"
                return
            }
            if request.has("/metrics", at: request.path) {
                response.contentType = .metrics
                response.body = metrics()
            } else if request.has("/readyz", at: request.path) {
                health.answerReadiness(&response, isVerbose: request.parameter("verbose") != nil)
            } else if request.has("/livez", at: request.path) {
                response.contentType = .text
                response.body.append(contentsOf: "ok\n".utf8)
            } else {
                response.refuse(Refusal(.notFound, "there is /livez, /readyz and /metrics here"))
            }
        }
    }
}
