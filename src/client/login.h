#pragma once
#include "client/configuration.h"
#include "client/console.h"
#include "client/failure.h"

#include <chrono>
#include <functional>
#include <string>

namespace client {

struct LoginTerms {
    std::string keys_file{};   ///< where the consumer key is written; empty: where the application key stands, else ~/.ovh.conf
    std::string redirection{}; ///< where the browser goes afterwards; empty: nowhere
    std::chrono::milliseconds look_every{3'000};
    std::chrono::milliseconds patience{600'000};
    std::function<void(std::chrono::milliseconds)> sleep{};     ///< of tests; empty: really
    std::function<void(const std::string& url)> open_browser{}; ///< empty: the address is only shown
};

/// Gets a consumer key for just what orders need, shows where it is validated, waits for that and writes the key into the
/// configuration file. Asks for the application's keys if there are none.
/// @throws Failure (not_logged_in) if it is refused or patience ends.
void log_in(Configuration configuration, const Console& console, const LoginTerms& terms);

/// Shows whose keys these are. @throws Failure (not_logged_in) if they do not work.
void show_account(const Configuration& configuration, const Console& console);

} // namespace client
