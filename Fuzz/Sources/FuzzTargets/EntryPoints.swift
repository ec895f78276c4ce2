#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// What libFuzzer calls. One program holds all targets, since linking costs more than a run of some; `FUZZ_TARGET` names
// the one to run.

/// Called once. With `FUZZ_SEEDS` it writes the target's seeds into that folder and ends.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(
    _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    if let folder = environment("FUZZ_SEEDS") {
        for seed in chosen.seeds() { save(seed.bytes, to: "\(folder)/\(seed.name)") }
        exit(0)
    }
    return 0
}

/// Called for every input. 0: the input may go into the corpus.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // A copy of exactly this length, so that the address sanitizer sees a read beyond its end.
    chosen.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

private let chosen: FuzzTarget = {
    let name = environment("FUZZ_TARGET") ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
        fail("FUZZ_TARGET is '\(name)'; it names one of: \(names)", status: 64)
    }
    return target
}()

private func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private func save(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else {
        fail("cannot write \(path)", status: 1)
    }
    _ = fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}

private func fail(_ message: String, status: CInt) -> Never {
    let line = Array("\(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
}
