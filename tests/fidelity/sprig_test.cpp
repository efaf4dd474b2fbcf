// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of Sprig's functions against the real ones:
//
//   tiphys_fidelity_sprig_test [COUNT [SEED]]
//
// Exit code 77 where the oracle is not built.
#include "fidelity/health_oracle.h"
#include "fidelity/sprig_templates.h"
#include "object/utf8.h"
#include "text/gotemplate/template_set.h"
#include "text/sprig/functions.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace tiphys;

object::Value answerOf(const std::string &text, const std::shared_ptr<const text::FunctionTable> &functions)
{
    text::TemplateOptions options;
    options.missingKey = text::MissingKey::Zero;
    text::TemplateSet set(functions, options);
    text::Budget budget;
    if (const auto read = set.parse("main", text); !read)
        return object::Value::map({{"error", read.error().text}});
    const auto output = set.execute("main", {}, budget);
    // Answers come as JSON, which has no bytes that are no UTF-8.
    return output ? object::Value::map({{"output", object::detail::withValidUtf8(*output)}})
                  : object::Value::map({{"error", output.error().text}});
}

int compare(const std::string &program, std::size_t count, std::uint64_t seed)
{
    const std::filesystem::path directory =
        std::filesystem::temp_directory_path() / ("tiphys-sprig-" + std::to_string(seed));
    std::filesystem::create_directories(directory);
    fidelity::SprigTemplates templates(seed);
    std::vector<std::string> texts;
    {
        std::ofstream file(directory / "cases", std::ios::binary);
        for (std::size_t i = 0; i < count; ++i) {
            texts.push_back(templates.next());
            file << object::toJson(object::Value::map({{"template", texts.back()}})) << '\n';
        }
    }
    const std::string command = "TZ=UTC '" + program + "' <'" + (directory / "cases").string() + "' >'"
                                + (directory / "answers").string() + "'";
    if (std::system(command.c_str()) != 0)
        return EXIT_FAILURE;
    const auto functions =
        std::make_shared<const text::FunctionTable>(text::helmFunctions(std::make_shared<const text::SprigWorld>()));
    std::ifstream answers(directory / "answers", std::ios::binary);
    std::size_t different = 0;
    for (const std::string &text : texts) {
        std::string line;
        std::getline(answers, line);
        const object::Value wanted = object::parseJson(line).value_or(object::Value());
        const object::Value actual = answerOf(text, functions);
        if (actual["output"].stringOr() == wanted["output"].stringOr()
            && actual["error"].stringOr() == wanted["error"].stringOr())
            continue;
        ++different;
        std::cout << text << "\n  wanted " << wanted["output"].stringOr() << wanted["error"].stringOr() << "\n  actual "
                  << actual["output"].stringOr() << actual["error"].stringOr() << '\n';
    }
    std::cout << count << " calls, " << different << " differ\n";
    std::filesystem::remove_all(directory);
    return different == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string program = tiphys::fidelity::oracleProgram("sprig", "TIPHYS_ORACLE_SPRIG");
    if (program.empty())
        return 77;
    const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 3'000;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    return compare(program, count, seed);
}
