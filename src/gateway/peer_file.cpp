#include "gateway/wireguard.h"
#include "logging/log.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway {
namespace {

WireguardAnswer failed(const std::string& file)
{
    const int error = errno;
    logging::event("warning", "peer_file_failed", {{"file", file}, {"text", std::strerror(error)}});
    return error == EACCES || error == EPERM ? WireguardAnswer::denied : WireguardAnswer::unavailable;
}

/// What stands behind "Name = " if the line is of that name.
std::optional<std::string> value_in(const std::string& line, const std::string& name)
{
    const auto beginning = name + " = ";
    return line.starts_with(beginning) ? std::optional{line.substr(beginning.size())} : std::nullopt;
}

std::vector<std::string> prefixes_in(std::string text)
{
    std::vector<std::string> prefixes;
    for (std::size_t end = 0; !text.empty(); text.erase(0, end == std::string::npos ? end : end + 2)) {
        end = text.find(", ");
        prefixes.push_back(text.substr(0, end));
    }
    return prefixes;
}

std::string text_of(const std::map<std::string, std::vector<std::string>>& peers)
{
    std::string text{"# Peers of the IPv6 VPN, written by uncloud-billing: changes here are lost.\n"};
    for (const auto& [key, prefixes] : peers) {
        text += "\n[Peer]\nPublicKey = " + key + "\nAllowedIPs = ";
        for (std::size_t i = 0; i < prefixes.size(); ++i) text += (i == 0 ? "" : ", ") + prefixes[i];
        text += '\n';
    }
    return text;
}

/// Whole and on the disk.
bool write_all(const std::string& file, const std::string& text)
{
    const Descriptor descriptor{::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)};
    for (std::size_t written = 0; descriptor.is_open() && written < text.size();) {
        const auto count = ::write(descriptor.get(), text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) written += static_cast<std::size_t>(count);
    }
    return descriptor.is_open() && ::fsync(descriptor.get()) == 0;
}

class PeerFile final : public Wireguard {
public:
    explicit PeerFile(const std::string& file) : file_{file} {}

    /// Before the first peer there is no file.
    PeerListing list() override
    {
        std::ifstream lines{file_};
        if (!lines) return {::access(file_.c_str(), F_OK) == 0 ? failed(file_) : WireguardAnswer::done, {}};
        std::vector<domain::ServerPeer> peers;
        for (std::string line; std::getline(lines, line);) {
            if (const auto key = value_in(line, "PublicKey")) peers.push_back({*key, {}});
            else if (const auto prefixes = value_in(line, "AllowedIPs"); prefixes && !peers.empty())
                peers.back().allowed_ips = prefixes_in(*prefixes);
        }
        return {WireguardAnswer::done, std::move(peers)};
    }

    ServerKey server_key() override { return {WireguardAnswer::done, ""}; }

private:
    Descriptor lock_file() override
    {
        return Descriptor{::open((file_ + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    }

    /// The old file or the new one, nothing between. As at a server, a prefix that a peer gets is taken from whoever had it.
    WireguardAnswer change(const domain::PeerChange& change, const Descriptor&) override
    {
        std::map<std::string, std::vector<std::string>> peers;
        for (auto& peer : list().peers) peers[peer.key] = std::move(peer.allowed_ips);
        for (const auto& key : change.removed) peers.erase(key);
        for (const auto& peer : change.set) {
            for (auto& [key, prefixes] : peers)
                for (const auto& prefix : peer.allowed_ips) std::erase(prefixes, prefix);
            peers[peer.key] = peer.allowed_ips;
        }
        const auto part = file_ + ".part"; // only one writes it: there is a lock
        return write_all(part, text_of(peers)) && ::rename(part.c_str(), file_.c_str()) == 0 ? WireguardAnswer::done : failed(file_);
    }

    std::string file_;
};

} // namespace

std::unique_ptr<Wireguard> make_peer_file(const std::string& file) { return std::make_unique<PeerFile>(file); }

} // namespace gateway
