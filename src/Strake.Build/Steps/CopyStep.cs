using System.Text;
using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>COPY and ADD.</summary>
sealed class CopyStep(BuildRun run, StageScope scope, StageImage image, BuildStep step) : FileStep(run, scope, image, step)
{
    /// <summary>Carries it out.</summary>
    /// <returns>Whether the result was known.</returns>
    public async Task<bool> ApplyAsync(FileInstruction instruction, Recorder record)
    {
        var request = RequestOf(instruction);
        var from = instruction is CopyInstruction { From: { } name } ? name : null;
        if (from?.Contains('$', StringComparison.Ordinal) == true)
            throw StrakeException.Invalid("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround");
        var files = await Run.FilesAsync(from);
        var selection = await Task.Run(() => CopySelection.Of(files, request), Run.Stop);
        var content = await SelectionDigest.OfAsync(selection, Run.Stop);
        using var key = KeyOf(instruction, request, content);
        var complete = key.Complete();
        var (result, isCached) = await SolveAsync(complete, stop => CopyAsync(selection, request, stop));
        record(Image, result, CreatedBy(instruction), complete);
        return isCached;
    }

    StepKey KeyOf(FileInstruction instruction, CopyRequest request, Digest content)
    {
        var key = new StepKey(instruction.Keyword, Image.Chain);
        key.Add(content.Hex).Add(request.Destination).Add(request.IntoDirectory ? "/" : "").Add([.. request.Excludes]);
        key.Add(request.KeepsParents ? "parents" : "").Add(request.Unpacks ? "unpack" : "").Add(request.Owner).Add(request.Mode?.ToString());
        key.Add(request.IsLinked ? "link" : "").Add(Run.Epoch?.ToString("O"));
        foreach (var inline in request.Inline) key.Add(inline.Name).Add(Digest.Of(inline.Content.Span).Hex);
        return key;
    }

    async Task<StepResult> CopyAsync(CopySelection selection, CopyRequest request, CancellationToken stop)
    {
        using var below = await Run.Scratch.OpenAsync(Image.Chain, stop);
        var owner = request.Owner is { } who ? await OwnerLookup.FindAsync(who, below, stop) : null;
        var now = new TarTime(Run.Now.ToUnixTimeSeconds());
        var plan = await Task.Run(() => CopyPlanner.Plan(selection, request, below, owner, now), stop);
        if (plan.Items.Count == 0 && plan.Archives.Count == 0) return ResultOf(null);
        return await AddAsync((target, cancel) => CopyTar.WriteAsync(plan, target, cancel), stop);
    }

    CopyRequest RequestOf(FileInstruction instruction)
    {
        var destination = Scope.Expand(instruction.Destination);
        var add = instruction as AddInstruction;
        var sources = instruction.Sources.OfType<PathSource>().Select(source => Scope.Expand(source.Word)).ToList();
        if (add is not null && sources.Find(IsRemote) is { } remote)
            throw StrakeException.NotSupported($"ADD {remote}: this engine does not fetch from the network while it builds; fetch it before, or in a RUN");
        if (add?.Checksum is not null) throw StrakeException.Invalid("checksum can't be specified for non-HTTP(S) sources");
        return new CopyRequest
        {
            Sources = [.. sources.Select(BytePath.OfText)],
            Inline = [.. instruction.Sources.OfType<InlineSource>().Select(InlineOf)],
            Destination = BytePath.OfText(DefaultsChange.Absolute(Image.Defaults, destination))[1..],
            IntoDirectory = destination.EndsWith('/') || destination is "." || destination.EndsWith("/.", StringComparison.Ordinal),
            Excludes = instruction.Excludes,
            KeepsParents = instruction is CopyInstruction { KeepsParents: true },
            Unpacks = add is not null && add.Unpacks != false,
            Owner = instruction.Owner is { } owner ? Scope.Expand(owner) : null,
            Mode = instruction.Mode is { } mode ? ModeChange.Parse(Scope.Expand(mode)) : null,
            IsLinked = instruction.IsLinked,
            Latest = Run.Latest,
        };
    }

    InlineFile InlineOf(InlineSource source)
    {
        var text = source.Document.Expands ? Scope.ExpandDocument(source.Document.Text) : source.Document.Text;
        return new InlineFile(BytePath.OfText(source.Document.Name), Encoding.UTF8.GetBytes(text));
    }

    static string CreatedBy(FileInstruction instruction) => $"{instruction.Text} # strake";

    static bool IsRemote(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || source.StartsWith("git@", StringComparison.OrdinalIgnoreCase) || source.EndsWith(".git", StringComparison.OrdinalIgnoreCase);
}
