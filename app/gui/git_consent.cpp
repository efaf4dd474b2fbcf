// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/git_consent.h"

#include "git/url.h"
#include "ui/consents.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QThreadPool>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace tiphys::gui {

/// Shared with the threads that wait.
struct GitConsent::Answers
{
    void set(const std::string &server, bool isAllowed)
    {
        {
            const std::lock_guard lock(mutex);
            byServer[server] = isAllowed;
        }
        changed.notify_all();
    }

    std::mutex mutex; ///< guards the members below
    std::condition_variable_any changed;
    std::map<std::string, std::optional<bool>> byServer; ///< nothing: the person is being asked
    bool isClosed = false;
};

namespace {

std::string serverOf(const std::string &url)
{
    const git::RepositoryUrl parsed = git::parsedUrl(url);
    return parsed.port.empty() ? parsed.host : parsed.host + ":" + parsed.port;
}

} // namespace

GitConsent::GitConsent(QObject *parent)
    : QObject(parent), m_answers(std::make_shared<Answers>()),
      m_questions([this](const std::string &server) { ask(server); })
{
}

GitConsent::~GitConsent()
{
    close();
}

git::CredentialConsent GitConsent::engineSide(QThreadPool *pool)
{
    return [answers = m_answers, address = m_questions.address(), pool](const std::string &url,
                                                                        std::stop_token cancel) {
        const std::string server = serverOf(url);
        std::unique_lock lock(answers->mutex);
        const auto [known, isNew] = answers->byServer.try_emplace(server);
        if (known->second || answers->isClosed)
            return known->second.value_or(false);
        if (isNew && !address.post(server))
            return false;
        pool->releaseThread();
        answers->changed.wait(lock, std::move(cancel), [&] { return answers->isClosed || answers->byServer[server]; });
        const bool isAllowed = answers->byServer[server].value_or(false);
        lock.unlock();
        pool->reserveThread();
        return isAllowed;
    };
}

void GitConsent::close()
{
    {
        const std::lock_guard lock(m_answers->mutex);
        m_answers->isClosed = true;
    }
    m_answers->changed.notify_all();
}

void GitConsent::ask(const std::string &server)
{
    const QString shown = QString::fromStdString(server);
    if (ui::Consents().isGiven(ui::Consents::Kind::GitHelpers, shown)) {
        m_answers->set(server, true);
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("Password for %1").arg(shown),
                                tr("Repositories on %1 want a user and a password.").arg(shown), QMessageBox::NoButton,
                                QApplication::activeWindow());
    box->setInformativeText(
        tr("Git on this machine may have them: its credential helpers can be asked (git credential fill). "
           "Tiphys keeps the answer in memory only."));
    box->setTextFormat(Qt::PlainText);
    const QPushButton *allow = box->addButton(tr("Ask Git"), QMessageBox::AcceptRole);
    box->addButton(tr("Not Now"), QMessageBox::RejectRole);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [this, box, allow, server, shown] {
        const bool isAllowed = box->clickedButton() == allow;
        if (isAllowed)
            ui::Consents().give(ui::Consents::Kind::GitHelpers, shown, {});
        m_answers->set(server, isAllowed);
    });
    box->open();
}

} // namespace tiphys::gui
