#include "gateway/wireguard.h"
#include "logging/log.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sstream>

namespace gateway {
namespace {

constexpr auto limit = std::chrono::seconds{10};
constexpr std::size_t peers_at_a_time = 500;              // of some 100 bytes each: far from what a command line may have
constexpr std::size_t most_output = std::size_t{8} << 20; // what run_child keeps, of 100,000 peers; a listing of that size is not whole

std::string end_of(const ChildResult& result)
{
    switch (result.end) {
    case ChildEnd::exited: return "exit";
    case ChildEnd::signalled: return "signal";
    case ChildEnd::killed_at_deadline: return "deadline";
    case ChildEnd::not_started: return result.code == ENOENT ? "not installed: apt-get install wireguard-tools" : "not_started";
    }
    return "";
}

/// wg ends with 1 whatever is wrong, so its text counts; what it says of the rest is for people.
WireguardAnswer answer_of(const ChildResult& result)
{
    if (result.end == ChildEnd::exited && result.code == 0) return WireguardAnswer::done;
    logging::event("warning", "wg_failed",
        {{"end", end_of(result)}, {"code", std::to_string(result.code)}, {"text", std::string_view{result.errors}.substr(0, 300)}});
    if (result.end == ChildEnd::not_started) return WireguardAnswer::unavailable;
    if (result.end != ChildEnd::exited) return WireguardAnswer::unknown;
    return result.errors.find("not permitted") != std::string::npos || result.errors.find("Permission denied") != std::string::npos
        ? WireguardAnswer::denied
        : WireguardAnswer::unavailable;
}

/// "KEY\tPREFIX PREFIX" or "KEY\t(none)", one a line.
std::vector<domain::ServerPeer> peers_in(const std::string& text)
{
    std::vector<domain::ServerPeer> peers;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        domain::ServerPeer peer;
        words >> peer.key;
        for (std::string word; words >> word;)
            if (word != "(none)") peer.allowed_ips.push_back(word);
        if (!peer.key.empty()) peers.push_back(std::move(peer));
    }
    return peers;
}

std::vector<std::string> words_of(const domain::ServerPeer& peer)
{
    std::string allowed;
    for (const auto& prefix : peer.allowed_ips) allowed += (allowed.empty() ? "" : ",") + prefix;
    return {"peer", peer.key, "allowed-ips", allowed};
}

class WgTool final : public Wireguard {
public:
    WgTool(const std::string& interface, const std::string& run_directory)
        : interface_{interface}, lock_file_{run_directory + "/uncloud-vpn." + interface + ".lock"}
    {
    }

    /// Not by `wg show … dump`: that tells the server's private key, too, which is none of our business.
    PeerListing list() override
    {
        const auto result = run_child({"wg", "show", interface_, "allowed-ips"}, limit);
        if (const auto answer = answer_of(result); answer != WireguardAnswer::done) return {answer, {}};
        if (result.output.size() >= most_output) {
            logging::event("error", "wg_listing_too_long", {{"interface", interface_}});
            return {WireguardAnswer::unavailable, {}};
        }
        return {WireguardAnswer::done, peers_in(result.output)};
    }

    ServerKey server_key() override
    {
        const auto result = run_child({"wg", "show", interface_, "public-key"}, limit);
        return {answer_of(result), result.output.substr(0, result.output.find('\n'))};
    }

private:
    Descriptor lock_file() override { return Descriptor{::open(lock_file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)}; }

    WireguardAnswer change(const domain::PeerChange& change, const Descriptor& held) override
    {
        std::vector<std::vector<std::string>> peers;
        for (const auto& key : change.removed) peers.push_back({"peer", key, "remove"});
        for (const auto& peer : change.set) peers.push_back(words_of(peer));
        for (std::size_t first = 0; first < peers.size(); first += peers_at_a_time) {
            std::vector<std::string> argv{"wg", "set", interface_};
            for (std::size_t i = first; i < std::min(peers.size(), first + peers_at_a_time); ++i)
                argv.insert(argv.end(), peers[i].begin(), peers[i].end());
            if (const auto answer = answer_of(run_child(argv, limit, &held)); answer != WireguardAnswer::done) return answer;
        }
        return WireguardAnswer::done;
    }

    std::string interface_;
    std::string lock_file_;
};

} // namespace

std::unique_ptr<Wireguard> make_wg_tool(const std::string& interface, const std::string& run_directory)
{
    return std::make_unique<WgTool>(interface, run_directory);
}

} // namespace gateway
