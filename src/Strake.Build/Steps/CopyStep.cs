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
        List<string> sources = [.. instruction.Sources.OfType<PathSource>().Select(source => Scope.Expand(source.Word))];
        var request = RequestOf(instruction);
        var checksum = instruction is AddInstruction { Checksum: { } word } && Scope.Expand(word) is { Length: > 0 } text ? text : null;
        var parts = await new CopySources(Run, Step, instruction, sources, checksum).FindAsync(request);
        using var key = KeyOf(instruction, request, parts);
        var complete = key.Complete();
        var (result, isCached) = await SolveAsync(complete, stop => CopyAsync(parts, request, stop));
        record(Image, result, CreatedBy(instruction, sources), complete);
        return isCached;
    }

    StepKey KeyOf(FileInstruction instruction, CopyRequest request, IReadOnlyList<CopyPart> parts)
    {
        var key = new StepKey(instruction.Keyword, Image.Chain);
        foreach (var part in parts) key.Add(part.Identity);
        key.Add(request.Destination).Add(request.IntoDirectory ? "/" : "").Add([.. request.Excludes]);
        key.Add(request.KeepsParents ? "parents" : "").Add(request.Unpacks ? "unpack" : "").Add(request.Owner).Add(request.Mode?.ToString());
        key.Add(request.IsLinked ? "link" : "").Add(Run.Epoch?.ToString("O"));
        foreach (var inline in request.Inline) key.Add(inline.Name).Add(Digest.Of(inline.Content.Span).Hex);
        return key;
    }

    async Task<StepResult> CopyAsync(IReadOnlyList<CopyPart> parts, CopyRequest request, CancellationToken stop)
    {
        var selection = await CopyPart.SelectAllAsync(parts);
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
        return new CopyRequest
        {
            Sources = [],
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

    // What BuildKit's histories say: not all flags, and variables put in.
    string CreatedBy(FileInstruction instruction, IReadOnlyList<string> sources)
    {
        List<string> words = [instruction.Keyword];
        if (instruction is CopyInstruction { KeepsParents: true }) words.Add("--parents");
        if (instruction.Owner is { } owner) words.Add("--chown=" + Scope.Expand(owner));
        if (instruction.Mode is { } mode) words.Add("--chmod=" + Scope.Expand(mode));
        words.AddRange(sources);
        words.AddRange(instruction.Sources.OfType<InlineSource>().Select(static source => "<<" + source.Document.Name));
        return $"{string.Join(' ', words)} {Scope.Expand(instruction.Destination)} # strake";
    }
}
