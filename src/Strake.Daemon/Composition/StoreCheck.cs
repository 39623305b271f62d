namespace Strake.Daemon.Composition;

/// <summary>Compares all that the engine keeps with what is on disk and what runs: <c>strake fsck</c>. Changes nothing.</summary>
/// <param name="engine">The engine.</param>
sealed class StoreCheck(Engine engine)
{
    /// <summary>Checks every part.</summary>
    /// <param name="cancellationToken">Gives the check up.</param>
    /// <returns>What is wrong, a sentence each with the part in front; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var containers = await engine.Containers.ListAsync(cancellationToken);
        var holders = containers.Select(container => $"container/{container.Id}").ToHashSet(StringComparer.Ordinal);
        Add("state", await engine.State.CheckAsync(cancellationToken));
        Add("containers", (await engine.Containers.CheckAsync(cancellationToken)).Select(finding => $"{finding.Subject}: {finding.Message}"));
        Add("volumes", engine.Volumes.OpenFindings.Union(await engine.Volumes.CheckAsync(holders, cancellationToken)));
        Add("images", engine.Images.OpenFindings.Union(await engine.Images.CheckAsync(cancellationToken)));
        Add("layers", await engine.Layers.CheckAsync(new HashSet<string>(), cancellationToken));
        return findings;

        void Add(string part, IEnumerable<string> sentences) => findings.AddRange(sentences.Select(sentence => $"{part}: {sentence}"));
    }
}
