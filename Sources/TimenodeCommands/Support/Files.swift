import Foundation

/// The few things that commands do with files. Errors name the file and the system's reason.
enum Files {
    /// Makes a directory and those above it; what is there stays.
    ///
    /// - Parameter mode: of the directories that are made.
    static func makeDirectory(_ path: String, mode: Int = 0o755) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode]
            )
        } catch {
            throw CommandFailure(.failed, "cannot make the directory \(path): \(reason(error))", cause: error)
        }
    }

    /// Writes a whole file at once: a reader sees the old content or the new one.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(.failed, "cannot write \(path): \(reason(error))", cause: error)
        }
    }

    /// A whole file.
    static func contents(of path: String) throws(CommandFailure) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.failed, "cannot read \(path): \(reason(error))", cause: error)
        }
    }

    /// Makes a file that only its owner reads; refuses one that is there.
    static func createSecret(_ text: String, at path: String) throws(CommandFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST {
                throw CommandFailure(
                    .failed, "\(path) exists already and is left as it is",
                    help: "Choose another name, or look at it with 'timenode keys show \(path)'."
                )
            }
            throw CommandFailure(.failed, "cannot make \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard writeBytes(bytes, file), fsync(file) == 0 else {
            throw CommandFailure(.failed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Writes a whole file that only its owner reads, at once: a reader sees the old content or the new one.
    static func replaceSecret(_ pieces: [[UInt8]], at path: String) throws(CommandFailure) {
        let draft = "\(path).\(getpid()).tmp"
        // Left behind by a process of the same number that was killed while it wrote.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw CommandFailure(.failed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        var isWritten = pieces.allSatisfy { writeAllBytes($0, file) } && fsync(file) == 0
        close(file)
        if isWritten { isWritten = rename(draft, path) == 0 }
        guard !isWritten else { return }
        let reason = String(cString: strerror(errno))
        unlink(draft)
        throw CommandFailure(.failed, "cannot write \(path): \(reason)")
    }

    private static func writeAllBytes(_ bytes: [UInt8], _ file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    private static func writeBytes(_ bytes: [UInt8], _ file: Int32) -> Bool {
        bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) == bytes.count }
    }

    /// Removes a file, or a directory with everything in it.
    static func remove(_ path: String) throws(CommandFailure) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw CommandFailure(.failed, "cannot remove \(path): \(reason(error))", cause: error)
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The names in a directory, sorted; nil where there is no such directory.
    static func names(in path: String) -> [String]? {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted()
    }

    /// The names of the directories in a directory, sorted; none where there is no such directory.
    static func folders(in path: String) -> [String] {
        (names(in: path) ?? []).filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: join(path, name), isDirectory: &isFolder)
            return exists && isFolder.boolValue
        }
    }

    /// `name` in `folder`.
    static func join(_ folder: String, _ name: String) -> String {
        if name.hasPrefix("/") || folder.isEmpty || folder == "." { return name }
        return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// Everything before the last slash; "." if there is none.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path from the root, with `.` and `..` taken out.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    private static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let code = underlying?.code ?? (error as? POSIXError).map({ Int($0.errorCode) }) else {
            return error.localizedDescription
        }
        return String(cString: strerror(Int32(code)))
    }
}
