// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/result_book.h"

namespace tiphys::sync {

std::vector<std::string> imagesOf(const object::Object &object)
{
    for (const object::Value &containers :
         {object.path({"spec", "containers"}), object.path({"spec", "template", "spec", "containers"}),
          object.path({"spec", "jobTemplate", "spec", "template", "spec", "containers"})}) {
        if (!containers.isList())
            continue;
        std::vector<std::string> images;
        for (const object::Value &container : containers.items()) {
            if (const auto image = container["image"].asString())
                images.emplace_back(*image);
        }
        return images;
    }
    return {};
}

ResultBook::ResultBook(std::vector<crd::ResourceResult> results) : m_results(std::move(results))
{
    for (std::size_t i = 0; i < m_results.size(); ++i) {
        const crd::ResourceResult &result = m_results[i];
        const object::ObjectKey key{result.group, result.kind, result.ns, result.name};
        m_places.try_emplace(key.path() + ':' + result.syncPhase, i);
    }
}

void ResultBook::annotate(Task &task) const
{
    const auto place = m_places.find(task.resultKey());
    if (place == m_places.end())
        return;
    const crd::ResourceResult &result = m_results[place->second];
    task.status = result.status;
    task.hookPhase = result.hookPhase;
    task.message = result.message;
}

void ResultBook::set(Task &task, crd::ResultCode status, crd::OperationPhase phase, const std::string &message)
{
    task.status = status;
    task.hookPhase = phase;
    if (!message.empty())
        task.message = message;
    const auto [place, isNew] = m_places.try_emplace(task.resultKey(), m_results.size());
    if (isNew) {
        const object::Object &subject = task.object();
        crd::ResourceResult &result = m_results.emplace_back();
        result.group = subject.group();
        result.version = subject.version();
        result.kind = subject.kind();
        result.ns = subject.ns();
        result.name = subject.name();
        result.syncPhase = text(task.phase);
        result.hookType = task.isHook ? result.syncPhase : std::string();
        result.images = imagesOf(subject);
    }
    crd::ResourceResult &result = m_results[place->second];
    result.status = task.status;
    result.hookPhase = task.hookPhase;
    result.message = task.message;
}

} // namespace tiphys::sync
