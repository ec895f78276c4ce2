import Lab

/// Says beforehand which columns of a comparison will be equal, and why.
enum EqualProfiles {
    static func tell(_ experiment: Experiment, _ console: Console) {
        for (profile, original) in experiment.equalProfiles {
            console.error("note: '\(profile.name)' and '\(original.name)' are the same profile once everything is said")
        }
        // A change that does nothing to any profile is a mistake; one that does nothing to some may be what is wanted.
        let everywhere = experiment.profiles.first?.inertOverrides ?? []
        for inert in everywhere
        where experiment.profiles.allSatisfy({ $0.inertOverrides.contains { $0.key == inert.key } }) {
            console.error("note: \(inert.key) has no effect: \(inert.reason)")
        }
    }
}
