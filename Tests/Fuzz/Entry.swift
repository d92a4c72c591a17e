import Sockets

private let target: Target = {
    guard let target = Target(rawValue: EnvironmentVariable.value("FUZZ") ?? "") else {
        fatalError("FUZZ must name a target: \(Target.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return target
}()

/// What libFuzzer calls, over and over (llvm.org/docs/LibFuzzer.html).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.feed(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
