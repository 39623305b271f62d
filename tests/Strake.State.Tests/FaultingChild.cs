namespace Strake.State.Tests;

/// <summary>Reaches the fault points that its argument names, in order; <c>arm=path</c> makes a file.</summary>
static class FaultingChild
{
    public static Task RunAsync(string points)
    {
        foreach (var point in points.Split(','))
        {
            if (point.StartsWith("arm=", StringComparison.Ordinal)) File.WriteAllText(point["arm=".Length..], "");
            else FaultPoint.Reach(point);
            Console.WriteLine(point);
        }

        return Task.CompletedTask;
    }
}
