import Foundation

/// One case, simulated and real, side by side.
package struct FidelityRow: Sendable {
    package let name: String
    package let simulated: SilentPeerSimulation.Distribution
    package let real: SilentPeerCase.Outcome

    package init(name: String, simulated: SilentPeerSimulation.Distribution, real: SilentPeerCase.Outcome) {
        self.name = name
        self.simulated = simulated
        self.real = real
    }

    /// How far the real figure lies outside the simulated range, as a share of the range's nearest end: 0 within it,
    /// negative below it; nil where the real link never ended.
    package var deviation: Double? {
        guard let seconds = real.seconds else { return nil }
        if seconds < simulated.minimum { return (seconds - simulated.minimum) / simulated.minimum }
        if seconds > simulated.maximum { return (seconds - simulated.maximum) / simulated.maximum }
        return 0
    }

    /// The row of the table in `docs/fidelity-method.md`.
    package var markdown: String {
        let range = "\(Self.text(simulated.minimum))–\(Self.text(simulated.maximum))"
        let seconds = real.seconds.map(Self.text) ?? "never"
        let share = deviation.map { String(format: "%+.1f %%", $0 * 100) } ?? "–"
        let outside = deviation == 0 ? "within" : share
        return "| \(name) | \(Self.text(simulated.median)) (\(range)) | \(seconds) | \(outside) |"
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}
