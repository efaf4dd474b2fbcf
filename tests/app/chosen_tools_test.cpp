// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/chosen_tools.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tiphys::compose {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder of settings and one of programs, which the environment names.
class ChosenTools : public testing::Test
{
protected:
    void SetUp() override
    {
        root = fs::temp_directory_path()
               / ("tiphys-tools-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(root);
        fs::create_directories(root / "bin");
        if (const char *given = std::getenv("PATH"))
            path = given;
        setenv("TIPHYS_CONFIG", (root / "config").c_str(), 1);
        setenv("PATH", (root / "bin").c_str(), 1);
        unsetenv("TIPHYS_RENDER_TOOLS");
    }
    void TearDown() override
    {
        setenv("PATH", path.c_str(), 1);
        unsetenv("TIPHYS_CONFIG");
        unsetenv("TIPHYS_RENDER_TOOLS");
        fs::remove_all(root);
    }

    void write(const std::string &name, const std::string &text) const
    {
        fs::create_directories((root / name).parent_path());
        std::ofstream(root / name) << text;
    }
    std::string read(const std::string &name) const
    {
        std::ifstream file(root / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void addProgram(const std::string &name, const std::string &script) const
    {
        write("bin/" + name, "#!/bin/sh\n" + script + "\n");
        fs::permissions(root / "bin" / name, fs::perms::owner_all);
    }

    fs::path root;
    std::string path;
};

TEST_F(ChosenTools, AreChosenAndTakenBackWhileTheProgramRuns)
{
    const ChangeableTools shown = changeableTools();
    EXPECT_THAT(shown.choice->names(), IsEmpty());
    EXPECT_FALSE(shown.tools->areChosenFor("shop"));

    ASSERT_TRUE(shown.choice->choose("legacy-*", true));
    ASSERT_TRUE(shown.choice->choose("shop", true));
    ASSERT_TRUE(shown.choice->choose("shop", true));
    EXPECT_THAT(shown.choice->names(), ElementsAre("legacy-*", "shop"));
    EXPECT_TRUE(shown.tools->areChosenFor("shop"));
    EXPECT_TRUE(shown.tools->areChosenFor("legacy-billing"));
    EXPECT_FALSE(shown.tools->areChosenFor("blog"));
    EXPECT_THAT(changeableTools().choice->names(), ElementsAre("legacy-*", "shop")) << "the next start knows it";

    ASSERT_TRUE(shown.choice->choose("shop", false));
    EXPECT_FALSE(shown.tools->areChosenFor("shop"));
    ASSERT_TRUE(shown.choice->choose("legacy-*", false));
    EXPECT_THAT(changeableTools().choice->names(), IsEmpty());
    EXPECT_EQ(changeableTools().choice->problem(), "");
}

TEST_F(ChosenTools, KeepWhatSomebodyWroteMeanwhile)
{
    const ChangeableTools shown = changeableTools();
    write("config/tools.yaml", "use: [blog]\n");
    ASSERT_TRUE(shown.choice->choose("shop", true));
    EXPECT_THAT(shown.choice->names(), ElementsAre("blog", "shop"));
}

TEST_F(ChosenTools, AreNotChosenByAFileThatCannotBeRead)
{
    write("config/tools.yaml", "use: all\n");
    const ChangeableTools shown = changeableTools();
    EXPECT_THAT(shown.choice->problem(), HasSubstr("tools.yaml: it must hold 'use'"));
    EXPECT_THAT(shown.choice->file(), HasSubstr("config/tools.yaml"));
    const Expected<void> refused = shown.choice->choose("shop", true);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("tools.yaml"));
    EXPECT_EQ(read("config/tools.yaml"), "use: all\n") << "what a person wrote stays";
    EXPECT_FALSE(shown.tools->areChosenFor("shop"));
}

TEST_F(ChosenTools, AreChosenByTheNameOfAnApplication)
{
    const ChangeableTools shown = changeableTools();
    EXPECT_FALSE(shown.choice->choose("", true));
    EXPECT_FALSE(shown.choice->choose("shop[", true));
    EXPECT_THAT(shown.choice->names(), IsEmpty());
}

TEST_F(ChosenTools, AreThoseOfAllWhereTheEnvironmentSaysSo)
{
    setenv("TIPHYS_RENDER_TOOLS", "use", 1);
    const ChangeableTools shown = changeableTools();
    EXPECT_TRUE(shown.choice->areForced());
    EXPECT_TRUE(shown.tools->areChosenFor("shop"));
    EXPECT_FALSE(shown.tools->areChosenFor(""));
    EXPECT_THAT(shown.choice->names(), IsEmpty());
}

TEST_F(ChosenTools, TellTheirVersionsAndPlaces)
{
    addProgram("helm", "echo v4.2.4+g1234567");
    const std::vector<render::ToolProgram> programs = changeableTools().choice->programs();
    ASSERT_EQ(programs.size(), 2U);
    EXPECT_EQ(programs[0].name, "helm");
    EXPECT_EQ(programs[0].path, (root / "bin/helm").string());
    EXPECT_EQ(programs[0].version, "v4.2.4");
    EXPECT_EQ(programs[0].problem, "");
    EXPECT_EQ(programs[1].name, "kustomize");
    EXPECT_EQ(programs[1].path, "");
    EXPECT_EQ(programs[1].problem, "no program 'kustomize' in PATH");

    addProgram("kustomize", "echo broken >&2; exit 3");
    const render::ToolProgram broken = changeableTools().choice->programs().at(1);
    EXPECT_EQ(broken.path, (root / "bin/kustomize").string());
    EXPECT_EQ(broken.problem, "kustomize: broken");
}

} // namespace
} // namespace tiphys::compose
