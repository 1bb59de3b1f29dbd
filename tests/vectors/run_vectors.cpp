#include "vectors/json_diff.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

// run_vectors BIN DIR: plays the vectors under DIR against the programs in BIN. A kind is known by its folder and by what
// its files hold; files of no known kind are named and left out.
namespace {

namespace fs = std::filesystem;

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

/// What a program answered, and how it ended.
struct Answer {
    std::string text{};
    int status{-1};
};

/// Runs the program with `input` on its standard input, from a file, so that neither side waits for the other.
Answer run(const fs::path& program, const std::string& input)
{
    const auto file = fs::temp_directory_path() / ("vector." + std::to_string(::getpid()));
    std::ofstream{file, std::ios::binary} << input;
    Answer answer;
    auto* pipe = ::popen((program.string() + " <" + file.string()).c_str(), "r");
    if (!pipe) throw std::runtime_error{"cannot start " + program.string()};
    std::array<char, 65536> buffer{};
    while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) answer.text.append(buffer.data(), size);
    const int ended = ::pclose(pipe);
    answer.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    fs::remove(file);
    return answer;
}

std::string dump(json_t* value)
{
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY), &std::free};
    return text.get();
}

/// A billing scenario: {"input" or "input_text", "expected"}.
std::vector<std::string> check_billing(json_t* vector, const fs::path& bin)
{
    auto* raw = json_object_get(vector, "input_text");
    auto* expected = json_object_get(vector, "expected");
    const auto answer = run(bin / "billing-sim", raw ? json_string_value(raw) : dump(json_object_get(vector, "input")));

    std::vector<std::string> faults;
    const int wanted = json_object_get(expected, "error") ? 1 : 0;
    if (answer.status != wanted)
        faults.push_back("exit status: expected " + std::to_string(wanted) + ", got " + std::to_string(answer.status));
    const Json actual{json_loads(answer.text.c_str(), 0, nullptr)};
    if (!actual) return faults.push_back("the answer is no JSON: " + answer.text), faults;
    if (auto* error = json_object_get(actual.get(), "error")) json_object_del(error, "message"); // is not compared
    const auto differing = vectors::differences(expected, actual.get());
    faults.insert(faults.end(), differing.begin(), differing.end());
    return faults;
}

bool is_billing(const fs::path& file, json_t* content)
{
    const bool has_input = json_object_get(content, "input") || json_is_string(json_object_get(content, "input_text"));
    return file.parent_path().filename() == "billing" && has_input && json_is_object(json_object_get(content, "expected"));
}

std::vector<fs::path> files_under(const fs::path& directory)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{directory})
        if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 3) throw std::invalid_argument{"usage: run_vectors BIN DIR"};
    int passed = 0;
    int failed = 0;
    for (const auto& file : files_under(argv[2])) {
        const Json content{json_load_file(file.c_str(), 0, nullptr)};
        if (!content || !is_billing(file, content.get())) {
            std::cout << "left out, of no kind known here: " << file.string() << '\n';
            continue;
        }
        const auto faults = check_billing(content.get(), argv[1]);
        ++(faults.empty() ? passed : failed);
        if (!faults.empty()) std::cout << "FAILED " << file.string() << '\n';
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
