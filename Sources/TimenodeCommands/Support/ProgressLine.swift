import Foundation
import Lab
import Synchronization

/// A line on stderr that says how far long work is, and how long the rest will take; only where a person watches.
final class ProgressLine: Sendable {
    private struct State {
        var drawnAt: ContinuousClock.Instant?
        var isDrawn = false
    }

    private let console: Console
    private let what: String
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter what: what is counted: `runs`, `seeds`.
    init(_ what: String, _ console: Console) {
        self.console = console
        self.what = what
    }

    /// Draws the line anew, ten times a second at most.
    func show(_ progress: Runner.Progress) {
        guard console.showsProgress else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let drawnAt = state.drawnAt, now - drawnAt < .milliseconds(100) { return false }
            state.drawnAt = now
            state.isDrawn = true
            return true
        }
        if isDue { console.writeError("\r\u{1B}[K\(Self.text(progress, what, after: now - start))") }
    }

    /// Takes the line away: what comes next begins at the margin.
    func clear() {
        if state.withLock({ $0.isDrawn }) { console.writeError("\r\u{1B}[K") }
    }

    /// `12 of 240 runs, about 1 min 30 s left`.
    static func text(_ progress: Runner.Progress, _ what: String, after elapsed: Duration) -> String {
        let count = "\(progress.done) of \(progress.total) \(what)"
        guard progress.done < progress.total, let rest = progress.remaining(after: elapsed) else { return count }
        return "\(count), about \(words(rest)) left"
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = Int64((duration / .seconds(1)).rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3_600) h \(seconds / 60 % 60) min"
    }
}
