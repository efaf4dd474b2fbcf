// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/kept_texts.h"

#include "store/text_shelf.h"

namespace tiphys::compose {

namespace {

class FolderShelf final : public ports::Shelf
{
public:
    explicit FolderShelf(const std::string &folder) : m_texts(folder) {}

    std::optional<std::string> read(const std::string &name) const override { return m_texts.read(name); }
    Expected<void> write(const std::string &name, const std::string &text) override
    {
        return m_texts.write(name, text);
    }
    void remove(const std::string &name) override { m_texts.remove(name); }

private:
    store::TextShelf m_texts;
};

} // namespace

ports::ShelfPtr keptTexts(const std::string &folder)
{
    return std::make_shared<FolderShelf>(folder);
}

} // namespace tiphys::compose
