#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How documents are read. Tests bring their own.
public struct ProfileFileSystem: Sendable {
    /// Documents beyond this size are refused, and no more than this is read (1 MiB).
    public static let maximumSize = 1 << 20

    /// The bytes of a file, or why there are none.
    public var read: @Sendable (_ path: String) -> Result<[UInt8], FileProblem>
    /// A name that is the same for every path to the same file, to find files that extend themselves.
    public var canonicalPath: @Sendable (_ path: String) -> String

    public init(
        read: @escaping @Sendable (_ path: String) -> Result<[UInt8], FileProblem>,
        canonicalPath: @escaping @Sendable (_ path: String) -> String = { $0 }
    ) {
        self.read = read
        self.canonicalPath = canonicalPath
    }

    /// The files of this machine.
    public static let real = ProfileFileSystem(read: readFile, canonicalPath: realPath)

    /// `path` seen from `folder`; an absolute path stays what it is. `..` is kept: the folder may be a symbolic link.
    static func join(folder: String, _ path: String) -> String {
        if path.hasPrefix("/") || folder.isEmpty { return path }
        var rest = Substring(path)
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
    }

    /// Everything before the last slash; empty if there is none.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path without `.yaml` or `.yml`.
    static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".yaml", ".yml"] where last.hasSuffix(suffix) && last.count > suffix.count {
            return String(last.dropLast(suffix.count))
        }
        return last
    }

    private static func readFile(_ path: String) -> Result<[UInt8], FileProblem> {
        // Without O_NONBLOCK, opening a named pipe that nobody writes to would wait forever.
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return .failure(FileProblem(errno: errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .failure(FileProblem(errno: errno)) }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFDIR { return .failure(FileProblem(code: .isDirectory, message: "it is a directory")) }
        guard kind == S_IFREG else {
            return .failure(FileProblem(code: .unreadable, message: "it is not a regular file"))
        }
        if status.st_size > maximumSize { return .failure(.tooLarge(bytes: Int(status.st_size))) }
        var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
        var used = 0
        while used < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(file, $0 + used, buffer.count - used, off_t(used)) } ?? 0
            }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(FileProblem(errno: errno))
            }
            if count == 0 { break }
            used += count
        }
        if used > maximumSize { return .failure(.tooLarge(bytes: used)) }
        return .success(Array(bytes[..<used]))
    }

    private static func realPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Why a file cannot be read.
public struct FileProblem: Error, Sendable, Hashable {
    public enum Code: String, Sendable {
        case missing, isDirectory, unreadable, tooLarge
    }

    public var code: Code
    /// Continues "cannot be read: …".
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    static func tooLarge(bytes: Int) -> FileProblem {
        FileProblem(code: .tooLarge, message: "it has \(ByteSizeText.format(bytes)), the limit is 1MiB")
    }

    init(errno code: Int32) {
        switch code {
        case ENOENT: self.init(code: .missing, message: "there is no such file")
        case ENOTDIR: self.init(code: .missing, message: "a part of its path is not a directory")
        case EACCES, EPERM: self.init(code: .unreadable, message: "permission denied")
        case ELOOP: self.init(code: .unreadable, message: "its symbolic links lead in a circle")
        default: self.init(code: .unreadable, message: String(cString: strerror(code)))
        }
    }
}
