import Foundation
import SystemErrors

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
            throw CommandFailure(
                .failed, "cannot make the directory \(path): \(SystemErrorText.of(error))", cause: error)
        }
    }

    /// Writes a whole file at once: a reader sees the old content or the new one. What is no regular file, such as a
    /// pipe or a device, is written to and stays what it is.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        try replace([Array(text.utf8)], at: path, mode: 0o666)
    }

    /// A whole file.
    static func contents(of path: String) throws(CommandFailure) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.failed, "cannot read \(path): \(SystemErrorText.of(error))", cause: error)
        }
    }

    /// Makes a file that only its owner reads; refuses one that is there.
    ///
    /// The name appears with the whole content or not at all, also where the disk is full or the machine stops.
    static func createSecret(_ text: String, at path: String) throws(CommandFailure) {
        guard !exists(path) else { throw existing(path) }
        let draft = try writeDraft([Array(text.utf8)], of: path, mode: 0o600)
        defer { unlink(draft) }
        guard link(draft, path) != 0 else { return }
        switch errno {
        case EEXIST: throw existing(path)
        // File systems without hard links. A file made in the meantime would be lost, which a link would have refused.
        case EPERM, EOPNOTSUPP, ENOSYS:
            if rename(draft, path) == 0 { return }
        default: break
        }
        throw failure("cannot make", path)
    }

    private static func existing(_ path: String) -> CommandFailure {
        CommandFailure(
            .failed, "\(path) exists already and is left as it is",
            help: "Choose another name, or look at it with 'timenode keys show \(Shell.quoted(path))'."
        )
    }

    /// Writes a whole file that only its owner reads, at once: a reader sees the old content or the new one.
    static func replaceSecret(_ pieces: [[UInt8]], at path: String) throws(CommandFailure) {
        try replace(pieces, at: path, mode: 0o600)
    }

    /// - Parameter mode: of a new file, before the process's mask; one that is there keeps its own where all may read.
    private static func replace(_ pieces: [[UInt8]], at path: String, mode: mode_t) throws(CommandFailure) {
        // A symbolic link stays one.
        let path = target(of: path)
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR {
            return try writeInPlace(pieces, path)
        }
        let draft = try writeDraft(pieces, of: path, mode: mode)
        if isThere, mode != 0o600 { chmod(draft, status.st_mode & 0o7777) }
        guard rename(draft, path) == 0 else {
            let failure = failure("cannot write", path)
            unlink(draft)
            throw failure
        }
    }

    private static func writeInPlace(_ pieces: [[UInt8]], _ path: String) throws(CommandFailure) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot write", path) }
        defer { close(file) }
        for piece in pieces {
            if let code = piece.withUnsafeBytes({ writeAll($0, to: file) }) {
                throw failure("cannot write", path, code)
            }
        }
    }

    /// Writes a file beside `path`, whole and on the disk.
    ///
    /// - Returns: its path. Nothing is left of it where this fails.
    private static func writeDraft(
        _ pieces: [[UInt8]], of path: String, mode: mode_t
    ) throws(CommandFailure) -> String {
        let draft = "\(path).\(getpid()).tmp"
        // Left behind by a process of the same number that was killed while it wrote.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("cannot write", path) }
        var code: Int32?
        for piece in pieces where code == nil { code = piece.withUnsafeBytes { writeAll($0, to: file) } }
        if code == nil, fsync(file) != 0 { code = errno }
        // Some file systems say only now that they are full.
        if close(file) != 0, code == nil { code = errno }
        guard let code else { return draft }
        unlink(draft)
        throw failure("cannot write", path, code)
    }

    /// Writes all bytes.
    ///
    /// - Returns: the `errno` of the write that failed; nil where all was taken.
    static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int32? {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(file, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }

    /// What a path leads to through symbolic links; the path itself where there is nothing.
    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func failure(_ what: String, _ path: String, _ code: Int32 = errno) -> CommandFailure {
        CommandFailure(.failed, "\(what) \(path): \(SystemErrorText.words(code))")
    }

    /// Removes a file, or a directory with everything in it.
    static func remove(_ path: String) throws(CommandFailure) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw CommandFailure(.failed, "cannot remove \(path): \(SystemErrorText.of(error))", cause: error)
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The names in a directory, sorted; nil where there is no such directory.
    static func names(in path: String) -> [String]? {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted()
    }

    /// The names of the directories in a directory, sorted; none where there is no such directory.
    static func folders(in path: String) -> [String] {
        (names(in: path) ?? []).filter { isFolder(join(path, $0)) }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
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

    /// Both absolute: `../profiles/tls.yaml`.
    static func relativePath(to target: String, from folder: String) -> String {
        let target = target.split(separator: "/")
        let folder = folder.split(separator: "/")
        let shared = zip(target, folder).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: folder.count - shared)
        let path = (up + target[shared...].map(String.init)).joined(separator: "/")
        return up.isEmpty ? "./\(path)" : path
    }
}
