import HTTP
import Sockets
import TLS

@main struct Patless {
    static func main() throws {
        let signals = Signals()
        let context = try TLSContext(certificateChain: File.read("/tmp/w/bench/c.pem"), privateKey: File.read("/tmp/w/bench/k.pem"))
        let service = Service(context: ServedContext(context)) { request, response in
            response.body.append(contentsOf: #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002","allowed":true}}"#.utf8)
        }
        let server = try Server(at: SocketAddress("127.0.0.1:9443")!, workers: 1, service: service)
        try server.start(named: "webhook")
        print(signals.wait())
        server.stop()
    }
}
