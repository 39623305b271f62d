namespace Strake.Build;

/// <summary>What someone may have meant by a name that is not known.</summary>
static class Suggestion
{
    // As Docker: a name is meant if two edits lead to it.
    const int MostEdits = 2;

    /// <summary><c> (did you mean name?)</c> with the nearest of the names known, the first of them if several are as near; empty when none is near.</summary>
    public static string For(string name, IReadOnlyList<string> known) =>
        Nearest(name, known) is { } nearest ? $" (did you mean {nearest}?)" : "";

    /// <summary>The nearest of the names known; null when none is near.</summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        var (nearest, least) = ((string?)null, MostEdits + 1);
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) >= least || Edits(name, candidate) is var edits && edits >= least) continue;
            (nearest, least) = (candidate, edits);
        }

        return nearest;
    }

    // Levenshtein's distance: characters put in, taken out or replaced.
    static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                (diagonal, row[j + 1]) = (row[j + 1], a[i] == b[j] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j + 1])));
            }
        }

        return row[^1];
    }
}
