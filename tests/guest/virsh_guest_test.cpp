#include "gateway/guest.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

using gateway::FreezeAnswer;
using gateway::GuestPower;

domain::Uuid uuid_of(char last) { return *domain::Uuid::parse(std::string{"6695eb01-f6a4-8304-79aa-97f2502e193"} + last); }

/// A host of libvirt's own test driver, which plays domains: one runs, one is paused, one is off.
struct TestHost {
    TestHost()
    {
        std::string pattern{"/tmp/virsh-XXXXXX"};
        BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
        std::ofstream file{folder / "node.xml"};
        file << "<node>" << domain(running, 1) << domain(paused, 3) << domain(off, 5) << "</node>";
        file.close();
        guest = gateway::make_virsh_guest("test://" + (folder / "node.xml").string());
    }
    ~TestHost() { std::filesystem::remove_all(folder); }
    TestHost(const TestHost&) = delete;
    TestHost& operator=(const TestHost&) = delete;

    static std::string domain(const domain::Uuid& uuid, int state)
    {
        return "<domain type='test'><name>" + uuid.text() + "</name><uuid>" + uuid.text()
            + "</uuid><memory>1000</memory><os><type>hvm</type></os>"
              "<t:runstate xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>"
            + std::to_string(state) + "</t:runstate></domain>";
    }

    const domain::Uuid running = uuid_of('1'), paused = uuid_of('2'), off = uuid_of('3'), stranger = uuid_of('4');
    std::filesystem::path folder{};
    std::unique_ptr<gateway::Guest> guest{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(virsh_guest, TestHost)

BOOST_AUTO_TEST_CASE(power_is_told_by_the_domain)
{
    BOOST_TEST((guest->power(running) == GuestPower::on));
    BOOST_TEST((guest->power(paused) == GuestPower::paused));
    BOOST_TEST((guest->power(off) == GuestPower::off));
    BOOST_TEST((guest->power(stranger) == GuestPower::unknown)); // OpenNebula 8011: it may run on another host
}

BOOST_AUTO_TEST_CASE(a_running_guest_is_frozen_and_no_other)
{
    const auto freeze = guest->freeze(running);
    BOOST_TEST((freeze.answer == FreezeAnswer::frozen));
    BOOST_TEST(freeze.file_systems == 2); // which the driver plays
    BOOST_TEST((guest->freeze(paused).answer == FreezeAnswer::not_possible));
    BOOST_TEST((guest->freeze(off).answer == FreezeAnswer::not_possible));
    BOOST_TEST((guest->freeze(stranger).answer == FreezeAnswer::unknown));
}

// Each call is a connection of its own, and the driver's domains live no longer than that: nothing is frozen any more.
BOOST_AUTO_TEST_CASE(thawing_tells_how_many_and_whether_anybody_answered)
{
    const auto thaw = guest->thaw(running);
    BOOST_TEST(thaw.answered);
    BOOST_TEST(thaw.file_systems == 0);
    BOOST_TEST(!guest->thaw(off).answered);
    BOOST_TEST((guest->status(running) == gateway::FreezeStatus::unknown)); // the driver has no agent to ask
}

BOOST_AUTO_TEST_CASE(a_host_that_is_away_is_unknown)
{
    const auto away = gateway::make_virsh_guest("qemu+unix:///system?socket=/nowhere");
    BOOST_TEST((away->power(running) == GuestPower::unknown));
    BOOST_TEST((away->freeze(running).answer == FreezeAnswer::unknown));
    BOOST_TEST(!away->thaw(running).answered);
}

BOOST_AUTO_TEST_SUITE_END()
