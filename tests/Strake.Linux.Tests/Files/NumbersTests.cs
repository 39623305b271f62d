namespace Strake.Linux.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(1, 3, 0x103UL)]
    [InlineData(8, 1, 0x801UL)]
    [InlineData(7, 300, 0x10072CUL)]
    [InlineData(4095, 1048575, 0xFFFFFFFFUL)]
    public void Device_numbers_are_joined_as_the_C_library_joins_them(uint major, uint minor, ulong dev)
    {
        var number = new DeviceNumber(major, minor);

        Assert.Equal(dev, number.ToDev());
        Assert.Equal(number, DeviceNumber.FromDev(dev));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_700_000_000, 123_456_700)]
    [InlineData(-1, 999_999_900)]
    public void Times_go_to_NET_and_back(long seconds, long nanoseconds)
    {
        var time = new UnixTime(seconds, nanoseconds);

        Assert.Equal(time, UnixTime.From(time.ToDateTimeOffset()));
    }
}
