import Testing

@testable import TimenodeCommands

@Suite("What the system lets a process have") struct ResourceLimitsTests {
    private static let use = ResourceLimits.Use(
        openDescriptors: 6, addressSpace: 200 << 20, cores: 2, stackBytes: 8 << 20
    )

    @Test("a node of six masternodes begins with 32 files and sockets on two cores, and not with 30")
    func descriptors() throws {
        try ResourceLimits(descriptors: 32, addressSpace: nil).expectEnough(Self.use, masternodes: 6)
        let failure = #expect(throws: CommandFailure.self) {
            try ResourceLimits(descriptors: 30, addressSpace: nil).expectEnough(Self.use, masternodes: 6)
        }
        #expect(
            failure?.message
                == "this process may have 30 files and sockets open, and a node of 6 masternodes needs at least 32"
        )
        #expect(failure?.help?.contains("ulimit -n") == true)
    }

    @Test("every masternode and every core takes some more")
    func growth() {
        var use = Self.use
        let few = ResourceLimits.descriptorsNeeded(use, masternodes: 6)
        #expect(ResourceLimits.descriptorsNeeded(use, masternodes: 106) == few + 100)
        use.cores = 64
        #expect(ResourceLimits.descriptorsNeeded(use, masternodes: 6) == few + 3 * 62)
    }

    @Test("too little address space is named with what is needed and which limit is the better one")
    func addressSpace() throws {
        try ResourceLimits(descriptors: nil, addressSpace: 4 << 30).expectEnough(Self.use, masternodes: 6)
        let failure = #expect(throws: CommandFailure.self) {
            try ResourceLimits(descriptors: nil, addressSpace: 300 << 20).expectEnough(Self.use, masternodes: 6)
        }
        #expect(failure?.message.hasPrefix("this process may have 300 MiB of address space") == true)
        #expect(failure?.help?.contains("MemoryMax=") == true)
    }

    @Test("asking a node takes an event loop for each core")
    func asking() throws {
        try ResourceLimits(descriptors: 14, addressSpace: nil).expectEnoughToAsk(Self.use)
        let failure = #expect(throws: CommandFailure.self) {
            try ResourceLimits(descriptors: 13, addressSpace: nil).expectEnoughToAsk(Self.use)
        }
        #expect(failure?.message.hasSuffix("and asking a node takes at least 14") == true)
    }

    @Test("without a limit everything is enough")
    func unlimited() throws { try ResourceLimits().expectEnough(Self.use, masternodes: 1_000) }

    @Test("this process has figures")
    func current() {
        let use = ResourceLimits.Use.current
        #expect(use.openDescriptors > 2 && use.addressSpace > 1 << 20 && use.cores > 0 && use.stackBytes > 0)
    }
}
