#include "api/site.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

// A WireGuard server and a client, each in a network namespace of its own, with a cable between them; the stack configures the server, the
// client takes the configuration as a member downloads it.
namespace {

using namespace site;
namespace fs = std::filesystem;

const std::string server_address{"2001:db8:8000::1"}; // of the pool's first prefix, which is the provider's

bool succeeds(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

std::string line_of(const std::string& command)
{
    const auto text = shell(command);
    return text.substr(0, text.find('\n'));
}

class Network {
public:
    Network()
    {
        fs::create_directory(folder_);
        fs::permissions(folder_, fs::perms::owner_all);
        for (const auto& side : {"s", "c"}) shell("ip netns add " + space(side) + " && ip -n " + space(side) + " link set lo up");
        shell("ip link add " + interface_ + "s netns " + space("s") + " type veth peer name " + interface_ + "c netns " + space("c"));
        for (const auto& [side, address] : {std::pair{"s", "192.0.2.1"}, {"c", "192.0.2.2"}})
            shell("ip -n " + space(side) + " addr add " + address + "/24 dev " + interface_ + side + " && ip -n " + space(side)
                + " link set " + interface_ + side + " up");
        server_key_ = new_key("server");
        shell("ip netns exec " + space("s") + " wireguard-go " + interface_ + " >/dev/null 2>&1");
        shell("wg set " + interface_ + " listen-port 51820 private-key " + file("server.key"));
        shell("ip -n " + space("s") + " addr add " + server_address + "/64 dev " + interface_ + " && ip -n " + space("s") + " link set "
            + interface_ + " up && ip -n " + space("s") + " -6 route add 2001:db8:8000::/36 dev " + interface_);
        shell(uncloud("vpn pool change demo --endpoint 192.0.2.1:51820 --dns none --public-key " + server_key_));
    }
    ~Network()
    {
        disconnect();
        succeeds("ip -n " + space("s") + " link del " + interface_); // which ends wireguard-go
        for (const auto& side : {"s", "c"}) succeeds("ip netns del " + space(side));
        fs::remove("/run/lock/uncloud-vpn." + interface_ + ".lock");
        fs::remove_all(folder_);
    }
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// Makes a pair as a member does; the public key.
    std::string new_key(const std::string& name) const
    {
        return line_of("umask 077; wg genkey | tee " + file(name + ".key") + " | wg pubkey");
    }

    /// What a member does with the file it downloaded: its private key goes in, and wg-quick takes it.
    void connect(const std::string& configuration, const std::string& name)
    {
        disconnect();
        auto text = configuration;
        const std::string placeholder{"YOUR_PRIVATE_KEY"};
        const auto at = text.find(placeholder);
        BOOST_TEST_REQUIRE(at != std::string::npos);
        text.replace(at, placeholder.size(), line_of("cat " + file(name + ".key")));
        std::ofstream{file(tunnel_ + ".conf")} << text;
        fs::permissions(file(tunnel_ + ".conf"), fs::perms::owner_read | fs::perms::owner_write);
        shell("ip netns exec " + space("c") + " wg-quick up " + file(tunnel_ + ".conf") + " 2>&1");
        is_connected_ = true;
    }
    void disconnect()
    {
        if (is_connected_) succeeds("ip netns exec " + space("c") + " wg-quick down " + file(tunnel_ + ".conf"));
        is_connected_ = false;
    }

    /// The server answers over the tunnel.
    bool is_reached(int tries = 5) const
    {
        for (int i = 0; i < tries; ++i)
            if (succeeds("ip netns exec " + space("c") + " ping -6 -c 1 -W 2 " + server_address)) return true;
        return false;
    }

    /// What the server says of the peer: `field` is allowed-ips, latest-handshakes, transfer.
    std::string told(const std::string& field, const std::string& key) const
    {
        std::istringstream lines{shell("wg show " + interface_ + ' ' + field)};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(key + '\t')) return line.substr(key.size() + 1);
        return "no peer";
    }
    void set_by_hand(const std::string& arguments) const { shell("wg set " + interface_ + " peer " + arguments); }

    static std::string uncloud(const std::string& arguments)
    {
        return "UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments;
    }
    const std::string& server_key() const { return server_key_; }

private:
    std::string space(const std::string& side) const { return interface_ + '-' + side; }
    std::string file(const std::string& name) const { return folder_ / name; }

    const std::string interface_ = environment("VPN_INTERFACE");
    const std::string tunnel_ = interface_ + "t";
    const fs::path folder_ = fs::temp_directory_path() / (interface_ + "-keys");
    std::string server_key_{};
    bool is_connected_{false};
};

struct Customer : Network {
    const Member member = joined_member();
    const std::string order = ordered();
    const std::string prefix = member.get("/vpn/" + order).at("prefix");

    std::string ordered() const
    {
        auto uuid = fresh_uuid();
        BOOST_TEST_REQUIRE(member.send("PUT", "/orders/" + uuid, R"({"product":"ipv6-vpn"})").status == 201);
        BOOST_TEST_REQUIRE(reaches(uuid, "awaiting_key"));
        return uuid;
    }
    bool reaches(const std::string& uuid, const std::string& status) const
    {
        const auto last =
            eventually([&] { return member.get("/vpn/" + uuid); }, [&](const Answer& answer) { return answer.at("status") == status; });
        return last.at("status") == status;
    }
    void give(const std::string& key) const
    {
        BOOST_TEST_REQUIRE(member.send("PUT", "/vpn/" + order + "/key", R"({"public_key":")" + key + "\"}").status / 100 == 2);
        BOOST_TEST_REQUIRE(reaches(order, "active"));
    }
    std::string configuration() const { return member.get("/vpn/" + order + "/config").body; }

    /// What the command says, and how it ends.
    static std::pair<std::string, bool> sync(const std::string& option = "")
    {
        const auto text = shell(uncloud("vpn sync " + option) + " 2>&1 || echo FAILED");
        return {text, text.find("FAILED") == std::string::npos};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tunnel, Customer)

BOOST_AUTO_TEST_CASE(the_downloaded_configuration_shakes_hands_and_carries_traffic)
{
    const auto key = new_key("mine");
    give(key);
    BOOST_TEST(told("allowed-ips", key) == prefix);
    BOOST_TEST(told("latest-handshakes", key) == "0");
    BOOST_TEST(configuration().find("PublicKey = " + server_key() + "\n") != std::string::npos);
    connect(configuration(), "mine");
    BOOST_TEST(is_reached());
    BOOST_TEST(told("latest-handshakes", key) != "0");
    BOOST_TEST(sync().second);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_replaced_is_cut_off_and_the_new_one_gets_through)
{
    const auto key = new_key("mine"), next = new_key("next");
    give(key);
    connect(configuration(), "mine");
    BOOST_TEST(is_reached());
    give(next);
    BOOST_TEST(told("allowed-ips", key) == "no peer");
    BOOST_TEST(told("allowed-ips", next) == prefix);
    BOOST_TEST(!is_reached(2));
    connect(configuration(), "next");
    BOOST_TEST(is_reached());
}

BOOST_AUTO_TEST_CASE(somebody_elses_key_gets_nowhere)
{
    give(new_key("mine"));
    new_key("theirs");
    connect(configuration(), "theirs");
    BOOST_TEST(!is_reached(2));
}

// S27: the server moves a prefix to another peer without a word. The comparison sees it, and puts it right when it is told to.
BOOST_AUTO_TEST_CASE(S27_a_prefix_that_was_moved_is_told_and_put_back)
{
    const auto key = new_key("mine"), thief = new_key("thief"), foreign = new_key("foreign");
    give(key);
    connect(configuration(), "mine");
    BOOST_TEST(is_reached());
    set_by_hand(thief + " allowed-ips " + prefix);
    set_by_hand(foreign + " allowed-ips 198.51.100.0/24");
    BOOST_TEST(told("allowed-ips", key) == "(none)");
    BOOST_TEST(!is_reached(1));

    const auto [text, agrees] = sync();
    BOOST_TEST(!agrees);
    BOOST_TEST(text.find("missing    " + key + ' ' + prefix) != std::string::npos, text);
    BOOST_TEST(text.find("stray      " + thief + ' ' + prefix) != std::string::npos, text);
    BOOST_TEST(text.find("foreign    " + foreign) != std::string::npos, text);
    BOOST_TEST(told("allowed-ips", key) == "(none)"); // only told
    BOOST_TEST(sync("--apply").second);
    BOOST_TEST(told("allowed-ips", key) == prefix);
    BOOST_TEST(told("allowed-ips", thief) == "no peer");
    BOOST_TEST(told("allowed-ips", foreign) == "198.51.100.0/24");
    BOOST_TEST(is_reached());
}

BOOST_AUTO_TEST_CASE(a_server_that_forgot_its_peers_gets_them_back)
{
    const auto key = new_key("mine");
    give(key);
    set_by_hand(key + " remove");
    BOOST_TEST(!sync().second);
    BOOST_TEST(sync("--apply").second);
    connect(configuration(), "mine");
    BOOST_TEST(is_reached());
}

BOOST_AUTO_TEST_CASE(a_pool_whose_members_are_told_another_key_is_told)
{
    shell(uncloud("vpn pool change demo --public-key " + new_key("other")));
    sync("--apply"); // the peers of other cases
    const auto [text, agrees] = sync();
    shell(uncloud("vpn pool change demo --public-key " + server_key()));
    BOOST_TEST(!agrees);
    BOOST_TEST(text.find("wrong key  pool demo") != std::string::npos, text);
    BOOST_TEST(text.find("has what the database says") == std::string::npos, text);
    BOOST_TEST(sync().second);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_order_cuts_it_off_and_its_prefix_goes_to_nobody)
{
    const auto key = new_key("mine");
    give(key);
    connect(configuration(), "mine");
    BOOST_TEST(is_reached());
    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").at("status") == "cancelled");
    eventually([&] { return member.get("/vpn/" + order); }, [](const Answer& answer) { return answer.status == 404; });
    BOOST_TEST(told("allowed-ips", key) == "no peer");
    BOOST_TEST(!is_reached(1));
    BOOST_TEST(member.get("/vpn/" + ordered()).at("prefix") != prefix);
}

// The server is away for a while: the key waits, nothing is lost.
BOOST_AUTO_TEST_CASE(a_server_that_is_away_gets_the_key_when_it_is_back)
{
    const auto socket = "/run/wireguard/" + environment("VPN_INTERFACE") + ".sock";
    const auto key = new_key("mine");
    fs::rename(socket, socket + ".away"); // wg finds no interface now
    const auto answer = member.send("PUT", "/vpn/" + order + "/key", R"({"public_key":")" + key + "\"}");
    BOOST_TEST(answer.status == 202);
    eventually([&] { return the_operator.get("/admin/jobs?state=queued"); },
        [](const Answer& jobs) { return jobs.body.find("vpn_server_unavailable") != std::string::npos; });
    BOOST_TEST(member.get("/vpn/" + order).at("status") == "configuring");
    BOOST_TEST(sync().first.find("vpn_server_unavailable") != std::string::npos);
    fs::rename(socket + ".away", socket);
    BOOST_TEST((reaches(order, "active") || reaches(order, "active") || reaches(order, "active") || reaches(order, "active")));
    BOOST_TEST(told("allowed-ips", key) == prefix);
}

BOOST_AUTO_TEST_SUITE_END()
