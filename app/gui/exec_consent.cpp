// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/exec_consent.h"

#include "async/completion.h"
#include "ui/consents.h"

#include <QCryptographicHash>
#include <QMessageBox>
#include <QPushButton>

namespace tiphys::gui {

namespace {

QString commandText(const kube::ExecConfig &exec)
{
    QString text = QString::fromStdString(exec.command);
    for (const std::string &argument : exec.arguments)
        text += QLatin1Char(' ') + QString::fromStdString(argument);
    return text;
}

QByteArray fingerprintOf(const kube::ExecConfig &exec)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const std::string &part) {
        hash.addData(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())));
        hash.addData(QByteArrayView("\0", 1));
    };
    add(exec.command);
    for (const std::string &argument : exec.arguments)
        add(argument);
    for (const auto &[name, value] : exec.environment) {
        add(name);
        add(value);
    }
    return hash.result().toHex();
}

/// The engine thread's end of one question: the answer comes back by mailbox.
Async<bool> asked(std::function<void(std::function<void(bool)>)> post)
{
    const async::Completion<bool> completion;
    async::Mailbox<bool> answers([completion](bool isAllowed) { completion.set(isAllowed); });
    const auto address = answers.address();
    post([address](bool isAllowed) { address.post(isAllowed); });
    const Expected<bool> answer = co_await completion;
    co_return answer;
}

} // namespace

ExecConsent::ExecConsent(QObject *parent)
    : QObject(parent), m_questions([this](const Question &question) { ask(question); })
{
}

kube::ExecConsent ExecConsent::engineSide()
{
    return [address = m_questions.address()](kube::ExecConfig exec, std::string context) {
        return asked([address, exec, context](std::function<void(bool)> answer) {
            address.post({QString::fromStdString(context), QString::fromStdString(exec.command), commandText(exec),
                          fingerprintOf(exec), std::move(answer)});
        });
    };
}

void ExecConsent::ask(const Question &question)
{
    const QString key = QString::fromLatin1(question.fingerprint);
    if (ui::Consents().isGiven(ui::Consents::Kind::CredentialPlugin, key)) {
        question.answer(true);
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("Sign in to %1").arg(question.context),
                                tr("The kubeconfig wants to run a program to sign in to %1:").arg(question.context));
    box->setInformativeText(question.command);
    box->setTextFormat(Qt::PlainText);
    const QPushButton *run = box->addButton(tr("Run It"), QMessageBox::AcceptRole);
    box->addButton(QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [box, run, question, key] {
        const bool isAllowed = box->clickedButton() == run;
        if (isAllowed)
            ui::Consents().give(ui::Consents::Kind::CredentialPlugin, key,
                                tr("%1 (%2)", "program, context").arg(question.program, question.context));
        question.answer(isAllowed);
    });
    box->open();
}

} // namespace tiphys::gui
