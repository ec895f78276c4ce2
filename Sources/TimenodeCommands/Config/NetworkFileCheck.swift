import Kernel
import Profile

/// Checks a network file by itself.
enum NetworkFileCheck {
    /// The network, or every problem of the file.
    static func outcome(of path: String) -> LoadOutcome<NetworkView> {
        let scope = CommandScope.current
        let outcome = NetworkDescription.load(
            path: path, environment: scope.environment, fileSystem: StandardInput.files(of: scope)
        )
        guard let description = outcome.value else { return LoadOutcome(value: nil, diagnostics: outcome.diagnostics) }
        do throws(NetworkViewError) {
            return LoadOutcome(value: try NetworkView(description), diagnostics: outcome.diagnostics)
        } catch {
            let problem = Diagnostic(severity: .error, code: .rule, location: .wholeFile(path), message: error.message)
            return LoadOutcome(value: nil, diagnostics: outcome.diagnostics + [problem])
        }
    }

    /// Whether a file is a network file, by the keys at its top. What cannot be read is taken for a profile, whose loader says
    /// why.
    static func isNetworkFile(_ path: String) -> Bool {
        guard case .success(let bytes) = StandardInput.files(of: .current).read(path) else { return false }
        let keys = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            line.first?.isLetter == true ? line.prefix { $0 != ":" && !$0.isWhitespace } : nil
        }
        return keys.contains("masternodes") && !keys.contains("modules") && !keys.contains("node")
    }
}
