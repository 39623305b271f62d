using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strake.Build;

namespace Strake.Daemon.Building;

/// <summary>Answers questions about a Dockerfile that is not built: <c>docker build --check</c>, <c>--call=targets</c>, <c>--call=outline</c>.</summary>
/// <remarks>buildkit <c>frontend/subrequests</c>: the names, versions and JSON of questions and answers.</remarks>
static class DockerfileAnswers
{
    const string Version = "1.0.0";

    /// <summary>Answers.</summary>
    /// <param name="question">The question's name: <c>frontend.lint</c>.</param>
    /// <param name="request">The build that it is about.</param>
    /// <param name="contexts">Where the Dockerfile is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotSupported: no such question. Invalid: the Dockerfile.</exception>
    public static async Task<AnsweredQuestion> OfAsync(string question, BuildRequest request, SessionContexts contexts, CancellationToken cancellationToken)
    {
        if (question is "frontend.subrequests.describe") return Of(Questions, QuestionJson.Default.QuestionBodyArray);
        ReadOnlyMemory<byte> bytes = await contexts.ReadDockerfileAsync(request.DockerfilePath, cancellationToken);
        List<DockerfileWarning> warnings = [];
        Dockerfile dockerfile = DockerfileParser.Parse(bytes.Span, warnings);
        return question switch
        {
            "frontend.lint" => Of(Check(request.DockerfilePath, bytes, warnings), QuestionJson.Default.LintBody),
            "frontend.targets" => Of(ListTargets(dockerfile, request, bytes), QuestionJson.Default.TargetsBody),
            "frontend.outline" => Of(Outline(dockerfile, request, bytes), QuestionJson.Default.OutlineBody),
            _ => throw StrakeException.NotSupported($"question {question} is not supported; there are {string.Join(", ", Questions.Select(static one => one.Name))}"),
        };
    }

    static QuestionBody[] Questions =>
    [
        new("frontend.outline", Version, "List all parameters current build target supports", "result.json"),
        new("frontend.targets", Version, "List all targets current build supports", "result.json"),
        new("frontend.lint", Version, "Lint a Dockerfile", "result.json"),
        new("frontend.subrequests.describe", Version, "List available subrequest types", "result.json"),
    ];

    static AnsweredQuestion Of<T>(T body, JsonTypeInfo<T> type) => new(new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["result.json"] = JsonSerializer.SerializeToUtf8Bytes(body, type),
        ["version"] = Encoding.ASCII.GetBytes(Version),
    });

    static LintBody Check(string name, ReadOnlyMemory<byte> bytes, IReadOnlyList<DockerfileWarning> warnings) => new(
        [.. warnings.Select(static warning => new LintBody.Warning(warning.Rule, warning.Message, $"https://docs.docker.com/go/dockerfile/rule/{Dashed(warning.Rule)}/", warning.Message, SpotBody.Of(warning.Lines)))],
        [new LintBody.Source(name, "Dockerfile", bytes.ToArray())]);

    // NoEmptyContinuation is explained at no-empty-continuation.
    static string Dashed(string rule)
    {
        var text = new StringBuilder();
        for (int i = 0; i < rule.Length; i++)
        {
            bool isWordStart = i > 0 && char.IsUpper(rule[i]) && (!char.IsUpper(rule[i - 1]) || (i + 1 < rule.Length && char.IsLower(rule[i + 1])));
            if (isWordStart) text.Append('-');
            text.Append(char.ToLowerInvariant(rule[i]));
        }

        return text.ToString();
    }

    static TargetsBody ListTargets(Dockerfile dockerfile, BuildRequest request, ReadOnlyMemory<byte> bytes)
    {
        int wanted = IndexOf(dockerfile, request.Target);
        return new TargetsBody(
            [.. dockerfile.Stages.Select((stage, i) => new TargetsBody.Target(stage.Name ?? "", i == wanted, stage.BaseName, stage.Platform ?? "", SpotBody.Of(stage.From.Lines)))],
            [bytes.ToArray()]);
    }

    static OutlineBody Outline(Dockerfile dockerfile, BuildRequest request, ReadOnlyMemory<byte> bytes)
    {
        int wanted = IndexOf(dockerfile, request.Target);
        Stage stage = dockerfile.Stages[wanted];
        IEnumerable<ArgInstruction> arguments = dockerfile.GlobalArgs.Concat(Below(dockerfile, wanted).SelectMany(static one => one.Instructions).OfType<ArgInstruction>());
        var mounts = Below(dockerfile, wanted).SelectMany(static one => one.Instructions).OfType<RunInstruction>()
            .SelectMany(static run => run.Mounts.Select(word => (Mount: RunMount.Parse(word), run.Lines))).ToList();
        return new OutlineBody(
            stage.Name ?? "",
            [
                .. arguments.SelectMany(static arg => arg.Declarations.Select(declaration => (Declaration: declaration, arg.Lines))).DistinctBy(static one => one.Declaration.Name)
                    .Select(one => new OutlineBody.Argument(one.Declaration.Name, request.Arguments.GetValueOrDefault(one.Declaration.Name) ?? one.Declaration.Default ?? "", SpotBody.Of(one.Lines))),
            ],
            [.. mounts.Where(static one => one.Mount is SecretMount).Select(static one => (Secret: (SecretMount)one.Mount, one.Lines)).Select(static one => new OutlineBody.Need(one.Secret.Id, one.Secret.IsRequired, SpotBody.Of(one.Lines)))],
            [.. mounts.Where(static one => one.Mount is SshMount).Select(static one => (Ssh: (SshMount)one.Mount, one.Lines)).Select(static one => new OutlineBody.Need(one.Ssh.Id, one.Ssh.IsRequired, SpotBody.Of(one.Lines)))],
            [bytes.ToArray()]);
    }

    // A stage and those that it goes on from, the lowest first.
    static IEnumerable<Stage> Below(Dockerfile dockerfile, int stage)
    {
        string name = dockerfile.Stages[stage].BaseName;
        int below = stage - 1;
        while (below >= 0 && !string.Equals(dockerfile.Stages[below].Name, name, StringComparison.OrdinalIgnoreCase)) below--;
        return below < 0 ? [dockerfile.Stages[stage]] : Below(dockerfile, below).Append(dockerfile.Stages[stage]);
    }

    static int IndexOf(Dockerfile dockerfile, string? target)
    {
        if (string.IsNullOrEmpty(target)) return dockerfile.Stages.Count - 1;
        for (int i = dockerfile.Stages.Count - 1; i >= 0; i--)
            if (string.Equals(dockerfile.Stages[i].Name, target, StringComparison.OrdinalIgnoreCase)) return i;
        throw StrakeException.Invalid($"target stage \"{target}\" could not be found");
    }
}
