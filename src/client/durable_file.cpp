#include "client/durable_file.h"

#include "client/failure.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace client {
namespace {

[[noreturn]] void fail(const std::string& doing, const std::string& file)
{
    throw Failure{Exit::usage, "cannot " + doing + ' ' + file + ": " + std::strerror(errno)};
}

} // namespace

void write_durably(int descriptor, const std::string& content, const std::string& file)
{
    for (std::size_t at = 0; at < content.size();) {
        const auto written = ::write(descriptor, content.data() + at, content.size() - at);
        if (written < 0 && errno != EINTR) fail("write", file);
        if (written > 0) at += static_cast<std::size_t>(written);
    }
    if (::fsync(descriptor) != 0) fail("write", file);
}

void sync_folder_of(const std::string& file)
{
    const auto parent = std::filesystem::path{file}.parent_path();
    const auto folder = (parent.empty() ? std::filesystem::path{"."} : parent).string();
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!ok) fail("write into", folder);
}

void replace_file(const std::string& file, const std::string& content)
{
    std::error_code no_link;
    const auto resolved = std::filesystem::canonical(file, no_link); // a link stays one
    const auto target = no_link ? file : resolved.string();
    auto draft = target + ".XXXXXX";
    const int descriptor = ::mkostemp(draft.data(), O_CLOEXEC); // mode 0600
    if (descriptor < 0) fail("write beside", target);
    try {
        write_durably(descriptor, content, draft);
        ::close(descriptor);
    } catch (const Failure&) {
        ::close(descriptor);
        ::unlink(draft.c_str());
        throw;
    }
    if (std::rename(draft.c_str(), target.c_str()) != 0) {
        ::unlink(draft.c_str());
        fail("replace", target);
    }
    sync_folder_of(target);
}

} // namespace client
