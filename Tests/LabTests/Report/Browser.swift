import Foundation
import Testing

/// Chromium without a window, where it is installed.
enum Browser {
    /// Where it is; nil where it is not.
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let names = ["chromium", "chromium-browser", "google-chrome"]
        return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// What a browser found.
    struct Report {
        /// What does not fit, by width.
        var problems: [String]
        /// What the browser's console said: errors of scripts, refused loads, broken markup.
        var complaints: [String]
        /// Elements that were looked at.
        var measured: Int
    }

    /// Lays a page out at several widths, unchanged, in frames of a page that measures it.
    static func measure(_ page: String, widths: [Int]) async throws -> Report {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-browser-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("measure.html")
        try wrapper(page, widths).write(to: file, atomically: true, encoding: .utf8)
        let (output, errors) = try await run(
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                "--user-data-dir=\(folder.appendingPathComponent("profile").path)", "--window-size=1400,900",
                "--virtual-time-budget=5000", "--dump-dom", file.absoluteString,
            ], in: folder)
        let start = try #require(output.firstRange(of: "<pre id=\"result\">"), "the page was not measured: \(errors)")
        let end = try #require(output[start.upperBound...].firstRange(of: "</pre>"))
        let lines = output[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
        let count = try #require(lines.last.flatMap(Int.init), "the page was not measured: \(errors)")
        return Report(
            problems: Array(lines.dropLast()),
            complaints: errors.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") },
            measured: count
        )
    }

    /// Runs the browser for at most a minute, which a page of this size needs a fraction of.
    private static func run(_ arguments: [String], in folder: URL) async throws -> (output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "60", try #require(path)] + arguments
        let files = ["output", "errors"].map { folder.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        try process.run()
        for await _ in ended.stream {}
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (texts[0], texts[1])
    }

    private static func wrapper(_ page: String, _ widths: [Int]) -> String {
        let source = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        let frames = widths.map {
            "<iframe width=\"\($0)\" height=\"900\" style=\"border:0\" srcdoc=\"\(source)\"></iframe>"
        }
        return """
            <!DOCTYPE html><html><head><meta charset="utf-8"></head><body>\(frames.joined())<script>
            addEventListener('load', () => {
              const lines = []; let count = 0;
              for (const frame of document.querySelectorAll('iframe')) {
                const page = frame.contentDocument, width = page.documentElement.clientWidth;
                page.querySelectorAll('details').forEach(d => d.open = true);
                if (page.documentElement.scrollWidth > width)
                  lines.push(width + ': the page is ' + page.documentElement.scrollWidth + ' wide');
                for (const element of page.querySelectorAll('body *')) {
                  count++;
                  const box = element.getBoundingClientRect();
                  const name = element.tagName + '.' + (element.getAttribute('class') || '') + ' '
                    + element.textContent.slice(0, 30).replace(/[\\n<>&]/g, ' ');
                  // What scrolls by itself may be wider than the page, and the skip link waits beside it.
                  if (box.width > 0 && !element.closest('.scroll, .skip, svg') && (box.right > width + 1 || box.left < -1))
                    lines.push(width + ': ' + name + ' reaches from ' + box.left + ' to ' + box.right);
                  if (element.tagName === 'text' && !element.closest('.scroll') && box.width > 0
                    && (box.right > width + 1 || box.left < -1))
                    lines.push(width + ': text ' + name + ' is cut');
                }
              }
              const result = document.createElement('pre');
              result.id = 'result'; result.textContent = lines.concat(count).join('\\n');
              document.body.append(result);
            });
            </script></body></html>
            """
    }
}
