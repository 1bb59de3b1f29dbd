#include "vectors/kind.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>

// run_vectors PROGRAMS DIR: plays the vectors under DIR. Files of no known kind are named and left out.
namespace {

namespace fs = std::filesystem;

constexpr std::array kinds{&vectors::billing, &vectors::camt, &vectors::ibans, &vectors::pain, &vectors::printed, &vectors::qr_payloads,
    &vectors::references, &vectors::stripe_signatures, &vectors::swico, &vectors::uids, &vectors::vat_cases, &vectors::vat_ids,
    &vectors::vat_notes, &vectors::vat_rates};

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};

std::vector<fs::path> files_under(const fs::path& directory)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{directory})
        if (entry.is_regular_file() && (entry.path().extension() == ".json" || entry.path().extension() == ".xml"))
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::vector<vectors::Outcome> play(const fs::path& file, const fs::path& programs)
{
    const std::unique_ptr<json_t, Release> content{json_load_file(file.c_str(), 0, nullptr)};
    for (const auto* kind : kinds)
        if (kind->knows(file, content.get())) return kind->play(file, content.get(), programs);
    std::cout << "left out, of no kind known here: " << file.string() << '\n';
    return {};
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 3) throw std::invalid_argument{"usage: run_vectors PROGRAMS DIR"};
    int passed = 0;
    int failed = 0;
    for (const auto& file : files_under(argv[2]))
        for (const auto& [name, faults] : play(file, argv[1])) {
            ++(faults.empty() ? passed : failed);
            if (!faults.empty()) std::cout << "FAILED " << name << '\n';
            for (const auto& fault : faults) std::cout << "    " << fault << '\n';
        }
    if (passed + failed == 0) {
        std::cout << "there is no vector under " << argv[2] << '\n';
        failed = 1;
    }
    std::cout << passed << " passed, " << failed << " failed" << std::endl;
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
    std::cerr << "run_vectors: " << error.what() << '\n';
    return 2;
}
