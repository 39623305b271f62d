using Strake.Images;

namespace Strake.Build;

/// <summary>Finds what COPY and ADD take, wherever it is: in the context, a stage, an image, or the network.</summary>
/// <param name="run">The build.</param>
/// <param name="step">The step.</param>
/// <param name="instruction">Its instruction.</param>
/// <param name="words">Its sources, variables put in.</param>
/// <param name="checksum">Its checksum, variables put in; null: none.</param>
sealed class CopySources(BuildRun run, BuildStep step, FileInstruction instruction, IReadOnlyList<string> words, string? checksum)
{
    readonly AddInstruction? add = instruction as AddInstruction;

    /// <summary>Finds them.</summary>
    /// <param name="request">How they are copied.</param>
    /// <returns>The parts, in the order of the words; of what is near, at least one.</returns>
    /// <exception cref="StrakeException">Invalid: flags that do not go with the sources. What the places say.</exception>
    public async Task<IReadOnlyList<CopyPart>> FindAsync(CopyRequest request)
    {
        var remotes = words.Select(RemoteSource.TryParse).ToList();
        Verify(remotes);
        List<CopyPart> parts = [];
        for (var at = 0; at < words.Count;)
        {
            if (remotes[at] is { } remote)
            {
                parts.Add(await FindAsync(remote, request));
                at++;
                continue;
            }

            List<string> near = [];
            for (; at < words.Count && remotes[at] is null; at++) near.Add(BytePath.OfText(words[at]));
            parts.Add(await NearAsync(request with { Sources = near }));
        }

        return parts.Count > 0 ? parts : [await NearAsync(request with { Sources = [] })];
    }

    void Verify(List<RemoteSource?> remotes)
    {
        if (add is null && remotes.Find(static remote => remote is not null) is { } remote)
            throw StrakeException.Invalid(remote is GitSource ? "source can't be a git ref for COPY" : "source can't be a URL for COPY");
        if (checksum is null) return;
        if (words.Count != 1) throw StrakeException.Invalid("checksum can't be specified for multiple sources");
        if (remotes[0] is null) throw StrakeException.Invalid("checksum requires HTTP(S) or Git sources");
    }

    async Task<CopyPart> NearAsync(CopyRequest request)
    {
        var from = instruction is CopyInstruction { From: { } name } ? name : null;
        if (from?.Contains('$', StringComparison.Ordinal) == true)
            throw StrakeException.Invalid("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround");
        var files = await run.FilesAsync(from, step);
        var selection = await Task.Run(() => CopySelection.Of(files, request), run.Stop);
        var digest = await SelectionDigest.OfAsync(selection, run.Stop);
        return new CopyPart(digest.Hex, () => Task.FromResult(selection));
    }

    Task<CopyPart> FindAsync(RemoteSource remote, CopyRequest request) =>
        PlacedAsync(() => remote is GitSource git ? RepositoryAsync(git, request) : FileAsync((HttpSource)remote, request));

    // With a checksum it is known what the file is, and it is not fetched where the step's result is known.
    async Task<CopyPart> FileAsync(HttpSource source, CopyRequest request)
    {
        Digest? wanted = checksum is null ? null : ChecksumOf(checksum);
        var (name, digest) = wanted is { } known && source.Name.Length > 0 ? (BytePath.OfText(source.Name), known) : await run.Remote.IdentifyAsync(source);
        if (wanted is not null) Verify(source, digest, wanted.Value);
        var unpacks = add!.Unpacks == true;
        return new CopyPart($"http {name} {digest.Hex} {unpacks}", () => PlacedAsync(async () =>
        {
            var file = await run.Remote.DownloadAsync(source);
            if (wanted is not null) Verify(source, file.Digest, wanted.Value);
            if (file.Digest != digest) throw StrakeException.Conflict($"{source.Shown} changed while the build went on: build again");
            return CopySelection.Of(file.Tree, request with { Sources = [file.Name], Unpacks = unpacks, IsLiteral = true });
        }));
    }

    static void Verify(HttpSource source, Digest digest, Digest wanted)
    {
        if (digest != wanted) throw StrakeException.Invalid($"digest mismatch for {source.Shown}: {digest} (expected: {wanted})");
    }

    async Task<CopyPart> RepositoryAsync(GitSource named, CopyRequest request)
    {
        if (named.KeepsGit is { } keeps && add!.KeepsGitDirectory is { } said && keeps != said) throw StrakeException.Invalid("inconsistent keep-git-dir configuration");
        if (named.Checksum is { } one && checksum is not null && one != checksum) throw StrakeException.Invalid($"checksum mismatch {GoText.Quote(checksum)} != {GoText.Quote(one)}");
        var source = named with { KeepsGit = named.KeepsGit ?? add!.KeepsGitDirectory ?? false, Checksum = named.Checksum ?? checksum };
        var commit = await run.Remote.ResolveAsync(source);
        // With .git its address and reference are among the files.
        var place = source.KeepsGit == true ? $"{source.Remote} {source.Reference}" : "";
        return new CopyPart(
            $"git {commit} {source.Directory} {source.TakesSubmodules} {place}",
            () => PlacedAsync(async () => CopySelection.Whole(await run.Remote.CheckOutAsync(source), request)));
    }

    static Digest ChecksumOf(string text) => Digest.TryParse(text, out var digest)
        ? digest
        : throw StrakeException.Invalid($"invalid checksum {GoText.Quote(text)}: it has to be sha256: and 64 digits");

    // What is wrong is elsewhere, but the line that asks for it is what its author can change.
    async Task<T> PlacedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StrakeException e)
        {
            throw new StrakeException(e.Kind, $"{run.Request.DockerfilePath}:{instruction.Lines.Start}: {instruction.Keyword} {e.Message}", e);
        }
    }
}
