package import HTTP
package import Policy
import Sockets
import TLS

extension Health.Check {
    /// Whether requests are served as usual.
    package static func lifecycle(of service: Service) -> Health.Check {
        Health.Check("serving") {
            service.lifecycle == .serving ? .good("yes") : .bad("draining after SIGTERM")
        }
    }

    /// Which policy is in force.
    package static func policy(_ policy: Reloader<PolicySnapshot>) -> Health.Check {
        Health.Check("policy") {
            let hash = policy.current.hash
            guard let failure = policy.failure else { return .good(hash) }
            return .doubtful("the changed file is not used, \(hash) stays in force: \(failure)")
        }
    }

    /// Whether the certificate is one that the API server accepts.
    package static func certificate(_ certificate: any ServingCertificate) -> Health.Check {
        Health.Check("certificate") {
            let expires = certificate.current.expires
            let until = Clock.utc(expires).rfc3339
            let (now, begins) = (Clock.wall / Limits.second, certificate.current.begins)
            guard now < expires else { return .bad("expired at \(until)") }
            guard now >= begins else { return .bad("not valid before \(Clock.utc(begins).rfc3339)") }
            guard let failure = certificate.failure else { return .good("until \(until)") }
            return .doubtful("the change is not used, the one until \(until) is served: \(failure)")
        }
    }

    /// Whether the API server trusts the certificate that is served, and is answered.
    package static func trust(_ trust: Trust) -> Health.Check {
        Health.Check("trust") {
            let problems = trust.problems
            guard problems.isEmpty else { return .bad(problems.joined(separator: "; ")) }
            return .good("the webhook configurations trust the certificate, and a call to ourselves succeeds")
        }
    }
}
