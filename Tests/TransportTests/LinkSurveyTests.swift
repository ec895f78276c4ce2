import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct LinkSurveyTests {
    private static func link(_ number: UInt64, _ phase: LinkPhase = .up) -> Link {
        Link(
            id: LinkID(number: number), direction: .dialled, remote: Endpoint(ip: IPAddress(version4: 1), port: 1),
            expected: nil, openedAt: .zero, phase: phase
        )
    }

    private static func figure(_ link: Link) -> LinkMeasurement? {
        LinkMeasurement(link: link.id, incarnation: nil, path: nil)
    }

    /// A survey that is under way.
    private static func begun() -> LinkSurvey {
        var survey = LinkSurvey()
        _ = survey.await {}
        return survey
    }

    @Test("a survey of many links asks about a few in a turn, each once, in their order")
    func slices() {
        var survey = Self.begun()
        let links = (UInt64(1)...1_000).map { Self.link($0) }
        var slices = 1
        while survey.takeSlice(of: links, asking: Self.figure) { slices += 1 }
        _ = survey.finish(at: .zero)
        #expect(slices == 4)
        #expect(survey.longestSlice == LinkSurvey.linksPerSlice)
        #expect(survey.questions == 1_000)
        #expect(survey.figures.map(\.link) == links.map(\.id))
    }

    @Test("links that come and go between two slices are asked about where they are there in their turn")
    func changes() {
        var survey = Self.begun()
        var links = (UInt64(1)...300).map { Self.link($0) }
        let isMore = survey.takeSlice(of: links, asking: Self.figure)
        #expect(isMore)
        links.removeAll { $0.id.number <= 257 }
        links.append(Self.link(301))
        let isEvenMore = survey.takeSlice(of: links, asking: Self.figure)
        #expect(!isEvenMore)
        _ = survey.finish(at: .zero)
        #expect(survey.figures.map(\.link.number) == Array(1...256) + Array(258...301))
    }

    @Test("links that are not up are not asked about")
    func notUp() {
        var survey = Self.begun()
        let links = [Self.link(1, .handshaking), Self.link(2), Self.link(3, .halfClosed)]
        let isMore = survey.takeSlice(of: links, asking: Self.figure)
        #expect(!isMore && survey.questions == 1)
    }

    @Test("figures are good for a second, and whoever comes during a survey waits for that one")
    func freshness() {
        var survey = LinkSurvey()
        #expect(!survey.isFresh(at: .zero))
        let isFirst = survey.await {}
        let isSecond = survey.await {}
        #expect(isFirst && !isSecond)
        let waiting = survey.finish(at: .zero)
        #expect(waiting.count == 2 && !survey.isUnderWay)
        #expect(survey.isFresh(at: Instant(nanoseconds: 999_999_999)))
        #expect(!survey.isFresh(at: Instant(nanoseconds: 1_000_000_000)))
        let isAnother = survey.await {}
        let abandoned = survey.abandon()
        #expect(isAnother && abandoned.count == 1 && !survey.isUnderWay)
    }
}
