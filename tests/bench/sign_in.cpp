// Sign-in without the cache: on connections that are kept, and with new ones each time, in alternating rounds.
// sign_in UID PASSWORD SECONDS_A_ROUND ROUNDS: prints "REUSED CONNECTING" sign-ins per second, the medians.
#include "app/config.h"
#include "gateway/directory.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

/// Sign-ins per second of `sign_in` over that time.
template <class SignIn> double rate_of(SignIn sign_in, double seconds)
{
    const auto start = std::chrono::steady_clock::now();
    std::chrono::duration<double> taken{};
    long count = 0;
    for (; taken.count() < seconds; taken = std::chrono::steady_clock::now() - start, ++count)
        if (sign_in().result != gateway::SignInResult::accepted) throw std::runtime_error{"the sign-in was not accepted"};
    return static_cast<double>(count) / taken.count();
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 5) throw std::runtime_error{"usage: sign_in UID PASSWORD SECONDS_A_ROUND ROUNDS"};
    const auto settings = app::load_config().directory;
    const auto kept = gateway::make_ldap_directory(settings);
    std::vector<double> reused, connecting;
    for (int round = 0; round < std::stoi(argv[4]); ++round) {
        reused.push_back(rate_of([&] { return kept->check(argv[1], argv[2]); }, std::stod(argv[3])));
        connecting.push_back(rate_of([&] { return gateway::make_ldap_directory(settings)->check(argv[1], argv[2]); }, std::stod(argv[3])));
    }
    std::cout << median(reused) << ' ' << median(connecting) << '\n';
} catch (const std::exception& error) {
    std::cerr << "sign_in: " << error.what() << '\n';
    return EXIT_FAILURE;
}
