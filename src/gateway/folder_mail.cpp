#include "gateway/mail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace gateway {
namespace {

/// An open file that goes away with us.
class File {
public:
    explicit File(const std::string& path) : descriptor_{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)} {}
    ~File()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// Writes all and waits until it is on disk; false with errno if it cannot.
    bool put(const std::string& bytes) const
    {
        for (std::size_t at = 0; at < bytes.size();) {
            const auto written = ::write(descriptor_, bytes.data() + at, bytes.size() - at);
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return false;
            at += static_cast<std::size_t>(written);
        }
        return ::fsync(descriptor_) == 0;
    }
    bool is_open() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

class FolderMail : public MailGateway {
public:
    explicit FolderMail(std::string folder) : folder_{std::move(folder)} {}

    MailResult send(const Mail& mail) override
    {
        const auto path = folder_ + '/' + mail.id + ".eml";
        const auto fresh = folder_ + "/." + mail.id + '.' + std::to_string(::getpid());
        const File file{fresh};
        if (!file.is_open() || !file.put(mail.bytes) || std::rename(fresh.c_str(), path.c_str()) != 0) {
            const auto why = errno;
            ::unlink(fresh.c_str());
            return {MailOutcome::try_again, std::string{"the folder: "} + std::strerror(why), true};
        }
        return {MailOutcome::sent};
    }

private:
    std::string folder_;
};

} // namespace

std::unique_ptr<MailGateway> make_folder_mail(const std::string& folder)
{
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) throw std::runtime_error{"there is no folder " + folder};
    return std::make_unique<FolderMail>(folder);
}

} // namespace gateway
