// SPDX-License-Identifier: GPL-3.0-or-later
// Compares what tests/data/helm says with the real Helm; --record writes it anew.
#include "fidelity/health_oracle.h"
#include "fidelity/helm_cases.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

using namespace tiphys;
using namespace tiphys::fidelity;

namespace {

std::string shellQuoted(const std::string &text)
{
    std::string quotedText = "'";
    for (const char c : text)
        quotedText += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quotedText + "'";
}

struct HelmAnswer
{
    bool isDone = false;
    std::string text;  ///< what it printed
    std::string error; ///< without the lines of its log
};

HelmAnswer askHelm(const std::string &program, const HelmCase &helmCase)
{
    const std::filesystem::path directory = std::filesystem::path(TIPHYS_BINARY_DIR) / "tests" / "helm-answers";
    std::filesystem::create_directories(directory);
    std::string command = "cd " + shellQuoted(helmCase.folder.string()) + " && " + shellQuoted(program) + " template";
    bool includesCrds = true;
    for (const auto &[name, value] : helmCase.flags) {
        includesCrds = includesCrds && name != "--skip-crds";
        command += " " + name + (value.empty() ? "" : " " + shellQuoted(value));
    }
    command += std::string(includesCrds ? " --include-crds" : "") + " chart >"
               + shellQuoted((directory / "out").string()) + " 2>" + shellQuoted((directory / "err").string());
    HelmAnswer answer;
    answer.isDone = std::system(command.c_str()) == 0;
    answer.text = contentOf(directory / "out");
    const std::string errors = contentOf(directory / "err");
    for (const std::string_view line : split(errors, '\n')) {
        if (line.starts_with("level=") || line.starts_with("Use --debug"))
            continue;
        answer.error += std::string(line.starts_with("Error: ") ? line.substr(7) : line) + "\n";
    }
    answer.error = trimmed(answer.error);
    return answer;
}

void writeFile(const std::filesystem::path &path, const std::string &text)
{
    std::ofstream(path, std::ios::binary) << text;
}

void record(const HelmAnswer &answer, const HelmCase &helmCase)
{
    std::filesystem::remove(helmCase.folder / "expected.json");
    std::filesystem::remove(helmCase.folder / "error.txt");
    if (!answer.isDone)
        return writeFile(helmCase.folder / "error.txt", answer.error + "\n");
    const Expected<object::Value> objects = objectsIn(answer.text);
    if (!objects)
        throw std::runtime_error(helmCase.name + ": " + objects.error().text());
    std::string text = "[";
    for (std::size_t i = 0; i < objects->size(); ++i)
        text += (i == 0 ? "\n" : ",\n") + object::toJson(objects->at(i));
    writeFile(helmCase.folder / "expected.json", text + "\n]\n");
}

std::string program()
{
    return oracleProgram("helm", "TIPHYS_ORACLE_HELM");
}

} // namespace

TEST(HelmFidelity, HelmSaysWhatTheCorpusSays)
{
    const std::string helm = program();
    for (const HelmCase &helmCase : helmCases()) {
        const HelmAnswer answer = askHelm(helm, helmCase);
        const std::filesystem::path error = helmCase.folder / "error.txt";
        if (std::filesystem::exists(error)) {
            EXPECT_EQ(answer.error, trimmed(contentOf(error))) << helmCase.name;
            continue;
        }
        const Expected<object::Value> objects = objectsIn(answer.text);
        ASSERT_TRUE(objects) << helmCase.name << ": " << objects.error().text();
        const Expected<object::Value> stored = object::parseJson(contentOf(helmCase.folder / "expected.json"));
        ASSERT_TRUE(stored) << helmCase.name;
        EXPECT_EQ(object::toJson(*objects), object::toJson(*stored)) << helmCase.name;
    }
}

int main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
    if (program().empty()) {
        std::cerr << "Helm is not built: ./dev oracles helm\n";
        return 77;
    }
    if (argc > 1 && std::string_view(argv[1]) == "--record") {
        for (const HelmCase &helmCase : helmCases())
            record(askHelm(program(), helmCase), helmCase);
        return 0;
    }
    return RUN_ALL_TESTS();
}
