#pragma once
#include <functional>
#include <ostream>
#include <string>

namespace client {

/// Where a command speaks.
struct Console {
    std::ostream& out;                                                    ///< the result
    std::ostream& notes;                                                  ///< progress, questions and warnings
    bool json{false};                                                     ///< the result is JSON, not tables for people
    std::function<std::string(const std::string& question)> ask{};        ///< empty: nobody is there to answer
    std::function<std::string(const std::string& question)> ask_secret{}; ///< without showing what is typed

    bool can_ask() const { return static_cast<bool>(ask); }
};

} // namespace client
