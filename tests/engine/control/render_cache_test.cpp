// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/render_cache.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;

namespace {

/// Files in memory whose folders have the ids that the test gives them.
class NamedTree final : public render::FileTree
{
public:
    NamedTree(std::vector<std::pair<std::string, std::string>> files, std::map<std::string, std::string> ids)
        : m_files(render::memoryTree(std::move(files))), m_ids(std::move(ids))
    {
    }
    Expected<std::vector<render::FileEntry>> list(std::string_view folder) const override { return m_files->list(folder); }
    Expected<render::FileEntry> entry(std::string_view path) const override
    {
        auto entry = m_files->entry(path);
        if (const auto id = m_ids.find(std::string(path)); entry && id != m_ids.end())
            entry->id = id->second;
        return entry;
    }
    Expected<render::FileContent> read(std::string_view path) const override { return m_files->read(path); }

private:
    std::shared_ptr<const render::FileTree> m_files;
    std::map<std::string, std::string> m_ids;
};

std::string configMap(const std::string &name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
}

RenderRequest request(const std::string &revision, const std::string &path, std::shared_ptr<const render::FileTree> files,
                      const std::string &more = "")
{
    const auto source = object::parseYaml("{repoURL: 'https://git/x', path: " + path + more + "}");
    return {"https://git/x", revision, source.value_or(object::Value()), std::move(files), "shop"};
}

const std::map<std::string, std::string> kIds{{"apps/a", "tree-a"}, {"apps", "tree-apps"}};

} // namespace

TEST(RenderCache, RendersOneCommitOnce)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}},
                                                   kIds);
    const auto first = cache.rendered(request("c1", "apps/a", files));
    const auto second = cache.rendered(request("c1", "apps/a", files));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(cache.counts().rendered, 1u);
}

TEST(RenderCache, RendersAnewWhereThatIsAskedForAndKeepsIt)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}},
                                                   kIds);
    const auto first = cache.rendered(request("c1", "apps/a", files));
    RenderRequest again = request("c1", "apps/a", files);
    again.rendersAnew = true;
    const auto second = cache.rendered(again);
    const auto third = cache.rendered(request("c1", "apps/a", files));
    ASSERT_TRUE(first && second && third);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(*second, *third);
    EXPECT_EQ(cache.counts().rendered, 2u);
}

TEST(RenderCache, AnotherCommitWithTheSameFolderIsNotRenderedAgain)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}},
                                                   kIds);
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files)));
    ASSERT_TRUE(cache.rendered(request("c2", "apps/a", files)));
    EXPECT_EQ(cache.counts().rendered, 1u);
}

TEST(RenderCache, OptionsAndInstanceAreTheirOwnRenderings)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}},
                                                   kIds);
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files, ", directory: {recurse: true}")));
    RenderRequest other = request("c1", "apps/a", files);
    other.instance = "blog";
    ASSERT_TRUE(cache.rendered(other));
    EXPECT_EQ(cache.counts().rendered, 3u);
}

TEST(RenderCache, AFolderWithoutAnIdIsRenderedForEachCommit)
{
    RenderCache cache;
    const auto tree = [](const std::string &name) {
        // No folder of this tree has an id: nothing says that it stayed the same.
        return render::memoryTree({{"apps/a/x.yaml", configMap(name)}});
    };
    const auto first = cache.rendered(request("c1", "apps/a", tree("old")));
    const auto second = cache.rendered(request("c2", "apps/a", tree("new")));
    ASSERT_TRUE(first && second);
    EXPECT_EQ((*second)->objects[0].object.name(), "new");
    EXPECT_EQ(cache.counts().rendered, 2u);
}

TEST(RenderCache, FailuresAreNotKept)
{
    RenderCache cache;
    EXPECT_FALSE(cache.rendered(request("c1", "apps/a", render::memoryTree({{"apps/b/x.yaml", configMap("x")}}))));
    EXPECT_TRUE(cache.rendered(request("c1", "apps/a", render::memoryTree({{"apps/a/x.yaml", configMap("x")}}))));
}

TEST(RenderCache, ForgetsWhatWasUsedLongestAgo)
{
    RenderCache cache(2);
    const auto files = render::memoryTree({{"a/x.yaml", configMap("a")}, {"b/x.yaml", configMap("b")}, {"c/x.yaml", configMap("c")}});
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "b", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "c", files)));
    EXPECT_EQ(cache.counts().rendered, 3u);
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    EXPECT_EQ(cache.counts().rendered, 3u);
    ASSERT_TRUE(cache.rendered(request("c1", "b", files)));
    EXPECT_EQ(cache.counts().rendered, 4u);
}

TEST(TemplateLoans, GiveEachRenderingItsOwnAndKeepIt)
{
    TemplateLoans loans;
    auto first = loans.borrow();
    const auto second = loans.borrow();
    EXPECT_NE(first, second);
    const render::TemplateCache *kept = first.get();
    first.reset();
    EXPECT_EQ(loans.borrow().get(), kept);
}
