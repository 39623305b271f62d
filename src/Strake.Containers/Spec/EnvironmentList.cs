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

    /// <summary>What stands before the equals sign.</summary>
    public static string NameOf(string variable) => variable.Split('=', 2)[0];
}
