/// Reads one document as a tree, with all the refusals that do not depend on what the document is for.
struct DocumentReader {
    let session: LoadSession
    let fileSystem: ProfileFileSystem

    /// - Parameters:
    ///   - what: what the file is, for messages: "the profile".
    ///   - place: where the file is named; nil for one named on the command line.
    func read(path: String, what: String, namedAt place: SourceLocation? = nil) -> YAMLNode? {
        session.readCount += 1
        switch fileSystem.read(path) {
        case .success(let bytes): return read(bytes: bytes, name: path)
        case .failure(let problem):
            let code: Diagnostic.Code = problem.code == .tooLarge ? .tooLarge : .unreadable
            let verb = problem.code == .tooLarge ? "is too large" : "cannot be read"
            let help = problem.code == .isDirectory ? "name the file inside it" : nil
            let message = "\(what) \(quoted(path)) \(verb): \(problem.message)"
            session.error(code, place ?? .wholeFile(path), message, help: help)
            return nil
        }
    }

    func read(bytes: [UInt8], name: String) -> YAMLNode? {
        let source = SourceText(name: name, folder: ProfileFileSystem.folder(of: name), bytes: bytes)
        let place = SourceLocation.wholeFile(name)
        if bytes.count > ProfileFileSystem.maximumSize {
            let problem = FileProblem.tooLarge(bytes: bytes.count)
            session.error(.tooLarge, place, "the document is too large: \(problem.message)")
            return nil
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            session.error(.encoding, place, "the file is UTF-16 text", help: "save it as UTF-8")
            return nil
        }
        if bytes.contains(0) {
            session.error(.encoding, place, "the file is binary, not YAML text")
            return nil
        }
        session.add(source)
        if let offset = source.invalidByte {
            let byte = String(bytes[offset], radix: 16, uppercase: true)
            let message = "the byte 0x\(byte.count == 1 ? "0" : "")\(byte) is not UTF-8"
            session.error(.encoding, source.location(ofByte: offset), message, help: "save the file as UTF-8")
            return nil
        }
        // A byte order mark is allowed at the start of UTF-8 text, and means nothing.
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var reader = YAMLReader(source: source)
        let node = reader.read(from: mark)
        for problem in reader.problems {
            session.error(problem.code, problem.location, problem.message, help: problem.help)
        }
        return node
    }
}
