namespace Strake.Build;

/// <summary>Which files of the main context a build can need, as far as the Dockerfile alone says it.</summary>
static class ContextPaths
{
    /// <summary>What the instructions of some stages name.</summary>
    /// <returns>Paths, wildcards included, sorted; null: it takes everything, or cannot be known.</returns>
    public static IReadOnlyList<string>? Of(IEnumerable<Stage> stages)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var word in stages.SelectMany(static stage => stage.Instructions).SelectMany(WordsOf))
        {
            if (word.Contains('$', StringComparison.Ordinal)) return null;
            var path = string.Join('/', word.Split('/').Where(static name => name is not ("" or ".")));
            if (path.Length == 0 || path.Split('/').Contains("..")) return null;
            paths.Add(path);
        }

        return [.. paths];
    }

    static IEnumerable<string> WordsOf(Instruction instruction) => instruction switch
    {
        CopyInstruction { From: not null } => [],
        AddInstruction add => add.Sources.OfType<PathSource>().Select(static source => source.Word).Where(static word => !IsRemote(word)),
        FileInstruction files => files.Sources.OfType<PathSource>().Select(static source => source.Word),
        RunInstruction run => run.Mounts.Where(StagePlan.TakesContext).Select(static mount => StagePlan.FieldOf(mount, "source", "src") ?? ""),
        OnbuildInstruction => [],
        _ => [],
    };

    static bool IsRemote(string word)
    {
        try
        {
            return RemoteSource.TryParse(word) is not null;
        }
        catch (StrakeException)
        {
            // The step says what is wrong with it.
            return true;
        }
    }
}
