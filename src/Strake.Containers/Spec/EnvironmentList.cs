namespace Strake.Containers.Spec;

/// <summary>Environments as lists of <c>NAME=value</c>.</summary>
static class EnvironmentList
{
    /// <summary>Puts one environment over another: a name that is there is replaced in its place, a bare name removes it. Pure.</summary>
    /// <param name="below">What is there.</param>
    /// <param name="above">What replaces it.</param>
    public static List<string> Merge(IReadOnlyList<string> below, IReadOnlyList<string> above)
    {
        List<string> merged = [.. below];
        foreach (string variable in above)
        {
            string name = NameOf(variable);
            int index = merged.FindIndex(existing => NameOf(existing) == name);
            if (!variable.Contains('=', StringComparison.Ordinal))
            {
                if (index >= 0)
                    merged.RemoveAt(index);
            }
            else if (index >= 0)
            {
                merged[index] = variable;
            }
            else
            {
                merged.Add(variable);
            }
        }

        return merged;
    }

    /// <summary>What a user asked for, followed by what an image adds to it, in the order that Docker's inspect shows. Pure.</summary>
    /// <param name="own">What the user asked for; of two values of one name the last one counts, a bare name keeps the image's value out.</param>
    /// <param name="image">What the image says.</param>
    public static List<string> Complete(IReadOnlyList<string> own, IReadOnlyList<string> image)
    {
        HashSet<string> named = [.. own.Select(NameOf)];
        return [.. Merge([], own), .. image.Where(variable => !named.Contains(NameOf(variable)))];
    }

    /// <summary>What stands before the equals sign.</summary>
    public static string NameOf(string variable) => variable.Split('=', 2)[0];
}
