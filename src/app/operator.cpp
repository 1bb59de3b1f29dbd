#include "app/operator.h"

#include <unistd.h>

#include <cstdlib>

namespace app {

std::string operator_name()
{
    const char* user = std::getenv("SUDO_USER");
    if (!user) user = std::getenv("USER");
    return "cli:" + (user ? std::string{user} : std::to_string(::getuid()));
}

} // namespace app
