#include "vectors/json_diff.h"
#include "vectors/kind.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

// Billing scenarios, {"input" or "input_text", "expected"}: billing-sim is asked, as anybody else would ask it.
namespace vectors {
namespace {

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

std::vector<std::string> check(json_t* vector, const fs::path& programs)
{
    auto* raw = json_object_get(vector, "input_text");
    auto* expected = json_object_get(vector, "expected");
    const auto answer = run(programs / "billing-sim", raw ? json_string_value(raw) : dump(json_object_get(vector, "input")));

    std::vector<std::string> faults;
    const int wanted = json_object_get(expected, "error") ? 1 : 0;
    if (answer.status != wanted)
        faults.push_back("exit status: expected " + std::to_string(wanted) + ", got " + std::to_string(answer.status));
    const Json actual{json_loads(answer.text.c_str(), 0, nullptr)};
    if (!actual) return faults.push_back("the answer is no JSON: " + answer.text), faults;
    if (auto* error = json_object_get(actual.get(), "error")) json_object_del(error, "message"); // is not compared
    const auto differing = differences(expected, actual.get());
    faults.insert(faults.end(), differing.begin(), differing.end());
    return faults;
}

bool knows(const fs::path& file, json_t* content)
{
    const bool has_input = json_object_get(content, "input") || json_is_string(json_object_get(content, "input_text"));
    return file.parent_path().filename() == "billing" && has_input && json_is_object(json_object_get(content, "expected"));
}

std::vector<Outcome> play(const fs::path& file, json_t* content, const fs::path& programs)
{
    return {{file.string(), check(content, programs)}};
}

} // namespace

const Kind billing{knows, play};

} // namespace vectors
